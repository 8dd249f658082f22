// node forward.mjs FROM:TO…        listens on every address at port FROM, and passes each connection on to 127.0.0.1:TO
// node forward.mjs --check FROM    exits with 0 when something listens there
//
// A published port of a container leads to its own address, not to its loopback, where Kubernetes and EC2 listen.
import { connect, createServer } from 'node:net';

const [first, second] = process.argv.slice(2);

if (first === '--check') {
  connect(Number(second), '127.0.0.1')
    .on('connect', () => process.exit(0))
    .on('error', () => process.exit(1));
} else {
  for (const pair of process.argv.slice(2)) forward(...pair.split(':').map(Number));
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => process.exit(0));
}

function forward(from, to) {
  createServer((client) => {
    const server = connect(to, '127.0.0.1');
    client.pipe(server).pipe(client);
    // Whichever side breaks off, the other goes too.
    client.on('error', () => server.destroy());
    server.on('error', () => client.destroy());
  }).listen(from, '0.0.0.0', () => console.log(`0.0.0.0:${from} leads to 127.0.0.1:${to}`));
}
