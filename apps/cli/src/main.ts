import 'reflect-metadata';
import { program } from './program';

void program.parseAsync();
