// Runs a server over stdio and appends everything that its client sends to a log:  node log-stdin.mjs <log> <server.js> <arguments…>
import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';

const [log, ...server] = process.argv.slice(2);
const child = spawn(process.execPath, server, { stdio: ['pipe', 'inherit', 'inherit'] });
child.on('exit', code => process.exit(code ?? 1));
process.stdin.on('data', chunk => appendFileSync(log, chunk));
process.stdin.pipe(child.stdin);
