export { createTwoFilesPatch } from 'diff';
