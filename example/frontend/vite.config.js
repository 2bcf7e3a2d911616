// The page asks the web server through Vite; devctl tells every service where the others listen.
export default {
  clearScreen: false,
  server: { port: Number(process.env.FRONTEND_PORT), strictPort: true, proxy: { '/api': process.env.WEB_URL } },
};
