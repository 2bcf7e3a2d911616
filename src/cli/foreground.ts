import type { Result } from '../result.ts';
import type { Answer, Context } from './context.ts';
import type { UpRequest } from './request.ts';
export const runForeground = (_context: Context, _request: UpRequest): Promise<Result<Answer>> => Promise.reject(new Error('todo'));
