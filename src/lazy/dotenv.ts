import { parse } from 'dotenv';

/** The variables of a `.env` file. */
export const parseDotenv = (text: string): Record<string, string> => parse(text);
