package dev.lockstep.connector;

/** The answer to a read is larger than it may be; asking for less may help. */
final class ResponseTooLargeException extends RequestRejectedException {
  ResponseTooLargeException(ApiCall call, String problem) {
    super(
        200,
        call.describe(),
        problem,
        "Raise lockstep.calls.answer-size, and the heap with it, or make the record smaller; then"
            + " retry.");
  }
}
