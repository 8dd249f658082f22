// What `make dev` has: two subnets, three instances with their nodes, and a NodeENI for the two in zone a.
// Run again, it starts afresh with new instances: the fake EC2 forgets everything when it is restarted.
import { applyNodeEni, createNetwork, createNode } from './cluster.mjs';

const NODES = [
  { name: 'node-a1', zone: 'us-east-1a', labels: { ng: 'multi-eni', subnet: 'a' } },
  { name: 'node-a2', zone: 'us-east-1a', labels: { ng: 'multi-eni', subnet: 'a' } },
  { name: 'node-b1', zone: 'us-east-1b', labels: { ng: 'multi-eni', subnet: 'b' } },
];

const network = await createNetwork([
  { zone: 'us-east-1a', cidr: '10.0.0.0/20', name: 'multi-eni-a' },
  { zone: 'us-east-1b', cidr: '10.0.16.0/20', name: 'multi-eni-b' },
]);
const [subnetA, subnetB] = network.subnetIds;
for (const node of NODES) {
  await createNode(node, node.zone === 'us-east-1a' ? subnetA : subnetB, network.groupId);
}
await applyNodeEni('subnet-a', {
  nodeSelector: { ng: 'multi-eni', subnet: 'a' },
  subnetID: subnetA,
  securityGroupIDs: [network.groupId],
  deviceIndex: 1,
});
console.log('NodeENI subnet-a matches node-a1 and node-a2:');
console.log('  docker compose run --rm kubectl get nodeenis,nodeeniattachments');
process.exit(0); // the clients keep connections open
