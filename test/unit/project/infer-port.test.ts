import { describe, expect, test } from 'vitest';
import { inferPort } from '../../../src/project/infer-port.ts';
import { hintWords } from '../fakes/services.ts';

describe('the port that a command names', () => {
  test.each<[string, string]>([
    ['bin/rails s -p 3000', 'port 3000'],
    ['bin/rails server -b 0.0.0.0 -p 3001', 'port 3001'],
    [`bin/rails s -b 'ssl://0.0.0.0:3001?key=k.pem&cert=c.pem'`, 'port 3001'],
    ['rails s -P tmp/pids/3005.pid -p 4000', 'port 4000'],
    ['bundle exec puma -t 5:5 -p 9292', 'port 9292'],
    ['bundle exec puma -t 5:5 -p ${PORT:-3000} -e ${RACK_ENV:-development}', 'env'],
    ['bundle exec puma -b tcp://127.0.0.1:9393', 'port 9393'],
    ['bundle exec thin start -p 3002', 'port 3002'],
    ['bundle exec unicorn -p $PORT -c ./config/unicorn.rb', 'env'],
    ['bundle exec rackup -o 0.0.0.0 -p 4567', 'port 4567'],
    ['ruby app.rb -p4567', 'port 4567'],
    ['bundle exec jekyll serve -P 4001', 'port 4001'],
    ['gunicorn app:app -b :8000', 'port 8000'],
    ['gunicorn -w 4 -b 0.0.0.0:8001 app:app', 'port 8001'],
    ['gunicorn --bind=127.0.0.1:5000 wsgi', 'port 5000'],
    ['gunicorn --bind 0.0.0.0:$PORT app', 'env'],
    ['gunicorn -b [::]:8002 app:app', 'port 8002'],
    ['uvicorn app.main:app --reload --port 8001', 'port 8001'],
    ['uvicorn main:app --host 0.0.0.0 --port $PORT', 'env'],
    ['hypercorn main:app -b localhost:8003', 'port 8003'],
    ['daphne -b 0.0.0.0 -p 8004 asgi:application', 'port 8004'],
    ['flask run -p 5001', 'port 5001'],
    ['FLASK_APP=x flask run --host=0.0.0.0 --port=5002', 'port 5002'],
    ['python manage.py runserver 4402', 'port 4402'],
    ['python manage.py runserver 0.0.0.0:8000', 'port 8000'],
    ['django-admin runserver "127.0.0.1:8080"', 'port 8080'],
    ['python3 -m http.server 8000', 'port 8000'],
    ['celery -A proj flower --port=5555', 'port 5555'],
    ['vite --port 5175', 'port 5175'],
    ['npx vite --port=5174 --strictPort', 'port 5174'],
    ['vite preview --port 4173', 'port 4173'],
    ['next dev -p 3001', 'port 3001'],
    ['sleep 10 && next dev -p 3001', 'port 3001'],
    ['next start --port 3002', 'port 3002'],
    ['npm run dev -- --port 3003', 'port 3003'],
    ['yarn start -p "$PORT"', 'env'],
    ['nuxt dev -p 3005', 'port 3005'],
    ['webpack serve --port 8081 --hot', 'port 8081'],
    ['bin/webpack-dev-server --port=3035', 'port 3035'],
    ['ng serve --port 4201', 'port 4201'],
    ['gatsby develop -p 8005', 'port 8005'],
    ['storybook dev -p 6006', 'port 6006'],
    ['expo start --port 8082', 'port 8082'],
    ['npx serve -l 5000', 'port 5000'],
    ['npx serve -l tcp://0.0.0.0:5003 build', 'port 5003'],
    ['go-server -l :8080', 'port 8080'],
    ['mailpit --listen :8025', 'port 8025'],
    ['mailcatcher --foreground --http-port 1080 --smtp-port 1025', 'port 1080'],
    ['minio server data --address :9000', 'port 9000'],
    ['php -S localhost:8000 -t public', 'port 8000'],
    ['php -S 0.0.0.0:8006', 'port 8006'],
    ['php artisan serve --port=8007', 'port 8007'],
    ['symfony server:start --port=8008', 'port 8008'],
    ['hugo server -D -p 1314', 'port 1314'],
    ['docker run -p 8080:80 nginx', 'port 8080'],
    ['docker run --rm -p 127.0.0.1:5433:5432 postgres', 'port 5433'],
    ['redis-server --port 6380', 'port 6380'],
    ['postgres -D data -p 5433', 'port 5433'],
    ['http-server ./public -p 8081', 'port 8081'],
    ['json-server --watch db.json --port 3004', 'port 3004'],
    ['browser-sync start --proxy localhost:3000 --port 3010', 'port 3010'],
    ['PORT=3006 node server.js', 'port 3006'],
    ['env NODE_ENV=dev PORT="3007" node server.js', 'port 3007'],
    ['cross-env PORT=4000 react-scripts start', 'port 4000'],
    ['PORT=3001 && rails s', 'port 3001'],
    ['export PORT=3011; node server.js', 'port 3011'],
    [`bash -c 'sleep 5; npm run dev -- -p 3012'`, 'port 3012'],
    ['wait-on tcp:3000 && node server.js -p 4001', 'port 4001'],
    ['curl -s localhost:9200 && node server.js --port 4002', 'port 4002'],
    ['stripe listen --forward-to localhost:3000 & node server.js -p 4003', 'port 4003'],
    ['APP_HOST=me.ngrok.io bin/rails s -p 3013', 'port 3013'],
    ['DATABASE_URL=mysql://root@localhost/dev bin/rails s -p 3014', 'port 3014'],
  ])('%s: %s', (command, expected) => {
    expect(hintWords(command)).toBe(expected);
  });
});

describe('a server that listens where PORT says', () => {
  test.each([
    'bin/rails s',
    'bundle exec rails server -b 0.0.0.0',
    'env RUBY_DEBUG_OPEN=true bin/rails server',
    'bundle exec puma -C config/puma.rb -t 5:5',
    'next dev',
    'react-scripts start',
    'node server.js $PORT',
    'node server.js ${PORT}',
    `node -e 'http.createServer().listen(process.env.PORT)'`,
    `ruby -e 'serve ENV["PORT"]'`,
    `ruby -e "serve ENV.fetch('PORT')"`,
    'until pg_isready -h localhost -p 5432; do sleep 1; done; bin/rails s',
  ])('%s', (command) => {
    expect(hintWords(command)).toBe('env');
  });
});

describe('a server that listens somewhere', () => {
  test.each([
    'vite',
    'bin/vite dev',
    'node_modules/.bin/vite --host',
    'webpack-dev-server --hot',
    'webpack serve',
    'astro dev',
    'flask run',
    'flask --app hello run --debug',
    'uvicorn main:app --reload',
    'gunicorn app:app -w 4',
    'gunicorn --bind unix:/tmp/app.sock app:app',
    'python manage.py runserver',
    'ng serve',
    'http-server ./public',
    'unset PORT && bin/rails server',
    'env -u PORT bin/rails server',
  ])('%s', (command) => {
    expect(hintWords(command)).toBe('somewhere');
  });
});

describe('a command that names no port of its own', () => {
  test.each([
    'stripe listen --forward-to localhost:5000/hooks',
    'stripe listen --forward-to=http://localhost:3000',
    'wait-on http://localhost:3000 http://localhost:3001/a http://127.0.0.1:5173 && electron .',
    'psql -p 5432 app',
    'redis-cli -p 6380 monitor',
    'ssh -p 2222 host tail -f log',
    'ssh -N -L 5433:localhost:5432 db',
    'ngrok http 8080',
    'ngrok http --domain=me.ngrok.app 3000',
    'lt --port 3000 --subdomain me',
    'curl --retry 9 http://localhost:3000',
    'bundle exec sidekiq -c 10 -t 25 -q default',
    'celery -A proj worker -l INFO -c 4',
    'bin/rails tailwindcss:watch',
    'yarn build --watch',
    'yarn build:css --watch',
    'tailwindcss -i a.css -o b.css --watch',
    'tsc -p tsconfig.json --watch',
    'vite build --watch',
    'vite build --mode development --watch',
    'vite --mode development build --watch',
    'vite-node worker.ts',
    'vitest --watch',
    'webpack --watch',
    'next build',
    'parcel build src/index.html',
    'nodemon -e js -w src worker.js',
    'node --inspect=9229 worker.js',
    'REDIS_PORT=6380 node worker.js',
    'node worker.js $PORT_OFFSET',
    'cargo run -p api',
    'tail -n 1000 -f log/development.log',
    'mkdir -p tmp/pids && ruby worker.rb',
    'node server.js --port 99999',
    'echo port 3000',
    'sleep 3600',
    '',
  ])('%s', (command) => {
    expect(hintWords(command)).toBe('none');
  });
});

test('the hint quotes what it was read from', () => {
  expect(inferPort('next dev -p 3001')).toEqual({ kind: 'port', port: 3001, from: '-p 3001' });
  expect(inferPort('A=1 PORT=3002 node x')).toMatchObject({ from: 'PORT=3002' });
  expect(inferPort('puma -p ${PORT:-3000}')).toEqual({ kind: 'env', from: '-p ${PORT:-3000}' });
});
