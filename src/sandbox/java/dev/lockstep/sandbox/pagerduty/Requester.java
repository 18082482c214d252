package dev.lockstep.sandbox.pagerduty;

import dev.lockstep.sandbox.http.Request;

/** Whom a call is made for: the user its {@code From} header names. */
record Requester(String email, Directory directory) {

  static Requester of(Request request, Directory directory) {
    return new Requester(request.header("From").orElse(""), directory);
  }

  /**
   * The user, whom every writing call must name.
   *
   * @throws PagerDutyException when the header is missing or names nobody
   */
  PagerDutyUser user() {
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
