import type { GoNodeEni } from './go-controller.js';

/** The CRD's limit: the name is the value of a tag and of a label. */
const LONGEST_NAME = 63;

/** What the Go controller accepts in a spec and this one does not, with what to write instead; null when all is well. */
export function specProblem({ nodeEni, subnetName }: GoNodeEni): string | null {
  const { name, spec } = nodeEni;
  if (subnetName !== null) {
    return `spec.subnetName does not exist here; write "${subnetName}" into spec.subnetNames before the CRD is replaced`;
  }
  if (name.length > LONGEST_NAME) return `its name has more than ${LONGEST_NAME} characters; make one of another name`;
  if (spec.deviceIndex < 1) return 'spec.deviceIndex is below 1, which the Go controller took for 1; write 1';
  if (Object.keys(spec.nodeSelector).length === 0) {
    return 'spec.nodeSelector is empty; write a label that every node has, such as kubernetes.io/os';
  }
  if (spec.description.startsWith('aws-K8S-'))
    return 'spec.description must not start with aws-K8S-; write another one';
  if (spec.subnetIds.length + spec.subnetNames.length === 0) return 'it names no subnet; write spec.subnetIDs';
  if (spec.securityGroupIds.length + spec.securityGroupNames.length > 0) return null;
  return 'it names no security group; write spec.securityGroupIDs';
}
