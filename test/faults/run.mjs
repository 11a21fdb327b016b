// npm run test:faults [-- --all] [-- <jest arguments>]: the fault suite, in its bounded part or whole.
import { spawn } from 'node:child_process';

const given = process.argv.slice(2);
const seed = process.env.LONGHAUL_FAULTS_SEED ?? String(Math.floor(Math.random() * 2 ** 31));
console.log(`fault suite, ${given.includes('--all') ? 'all of it' : 'the bounded part (--all for the rest)'}`);
console.log(`seed ${seed}; the same again: LONGHAUL_FAULTS_SEED=${seed} npm run test:faults`);

const jest = spawn(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
    '--config=jest.faults.config.js',
    ...given.filter((argument) => argument !== '--all'),
  ],
  {
    stdio: 'inherit',
    env: {
      ...process.env,
      LONGHAUL_FAULTS_SEED: seed,
      LONGHAUL_FAULTS_ALL: given.includes('--all') ? '1' : '',
    },
  },
);
jest.on('exit', (code) => process.exit(code ?? 1));
