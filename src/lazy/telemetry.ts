export { Counter, Gauge, Histogram, Registry, Summary } from 'prom-client';
export { pino } from 'pino';
export { createStream } from 'rotating-file-stream';
