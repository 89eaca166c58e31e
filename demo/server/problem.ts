/** Something that the person at the terminal can put right: shown as one line, without a stack. */
export class StartProblem extends Error {
  override readonly name = 'StartProblem';
  readonly code: 'BAD_CONFIG' | 'PORT_IN_USE' | 'PORT_REFUSED' | 'DATA_UNUSABLE' | 'BUILD_FAILED';

  constructor(code: StartProblem['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
