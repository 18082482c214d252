package dev.lockstep.sandbox.pagerduty;

/** Who a writing call says it is made for. */
final class Requester {

  private Requester() {}

  /** The user of the {@code From} header, which every writing call must have. */
  static PagerDutyUser of(HttpCall call, Directory directory) {
    String email = call.header("From").orElse("");
    if (email.isBlank()) {
      String message =
          "You must specify a user's email address in the \"From\" header to perform this action";
      throw PagerDutyException.refused(2016, message);
    }
    return directory
        .userByEmail(email)
        .orElseThrow(() -> PagerDutyException.refused(1008, "Requester User Not Found"));
  }
}
