export { Counter, Gauge, Histogram, Registry } from 'prom-client';
export { pino } from 'pino';
export { createStream } from 'rotating-file-stream';
