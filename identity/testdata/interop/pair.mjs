// Two peers of this program, joined: node pair.mjs [--messages N] [--seed N] [--repeat] [--reset T]. Ends with 1 unless both come to the end and agree.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const peer = new URL('peer.mjs', import.meta.url).pathname;

// start runs a peer; its lines are kept by event, and card is the first of them.
function start(...args) {
  const child = spawn(process.execPath, [peer, ...args, ...process.argv.slice(2)], { stdio: ['pipe', 'pipe', 'pipe'] }), events = {};
  const card = new Promise(resolve => {
    createInterface({ input: child.stderr }).on('line', line => {
      console.log(`${args[1]}: ${line}`);
      const event = line.startsWith('{') ? JSON.parse(line) : {};
      events[event.event] = event;
      if (event.card) resolve(event.card);
    });
  });
  child.stdin.on('error', () => {});
  return { child, events, card, end: new Promise(resolve => child.on('close', resolve)) };
}

const r = start('--role', 'present', '--name', 'Rosa'), s = start('--role', 'scan', '--name', 'S\u00f8ren', '--card', await r.card);
r.child.stdout.pipe(s.child.stdin);
s.child.stdout.pipe(r.child.stdin);
const codes = [await r.end, await s.end];
const same = ['code', 'safety'].every(field => r.events.agreed?.[field] === s.events.agreed?.[field]);
process.exitCode = same && codes.every(code => code === 0) ? 0 : 1;
