export { type ApprovalState, type ApprovalSummary, Approvals, openApprovals } from './approvals.ts';
export { askingProcesses, isWithin } from './asking-processes.ts';
export {
  type AskedFor,
  type Decision,
  fingerprintOfCall,
  fingerprintOfRequest,
  type MadeCall,
  type SuspendedRun,
} from './suspended-run.ts';
