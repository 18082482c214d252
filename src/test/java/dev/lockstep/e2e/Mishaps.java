package dev.lockstep.e2e;

import dev.lockstep.sandbox.http.Faults;
import dev.lockstep.sandbox.http.Faults.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * What goes wrong at one system, planned by a seed: each kind so many times, in an order and at
 * calls that the seed decides, until all of it has happened. About one call in four fails, few
 * enough for Lockstep to go on calling.
 */
final class Mishaps {
  static final List<Kind> OF_CALLS =
      List.of(
          Kind.TOO_MANY_REQUESTS,
          Kind.SERVICE_UNAVAILABLE,
          Kind.DONE_BUT_FAILED,
          Kind.RESET,
          Kind.DONE_BUT_RESET,
          Kind.TIMEOUT);
  static final List<Kind> OF_WEBHOOKS =
      List.of(Kind.WEBHOOK_LOST, Kind.WEBHOOK_TWICE, Kind.WEBHOOK_REORDERED);

  private static final int MOST_APART = 7;

  private Mishaps() {}

  static void plan(Faults faults, Random random, int times) {
    plan(faults, random, times, OF_CALLS, call -> !isWebhook(call));
    // PagerDuty lists status updates nowhere: one whose webhook is lost is lost to all.
    plan(
        faults,
        random,
        times,
        OF_WEBHOOKS,
        call -> isWebhook(call) && !call.path().equals("incident.status_update_published"));
  }

  private static void plan(
      Faults faults, Random random, int times, List<Kind> kinds, Predicate<Faults.Call> which) {
    List<Kind> all = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      all.addAll(kinds);
    }
    Collections.shuffle(all, random);
    AtomicInteger calls = new AtomicInteger();
    // Never happens itself: it stays first, is asked about every call, and counts them.
    faults.next(
        1,
        all.get(0),
        call -> {
          if (which.test(call)) {
            calls.incrementAndGet();
          }
          return false;
        });
    int at = 0;
    for (Kind kind : all) {
      at += 1 + random.nextInt(MOST_APART);
      int due = at;
      faults.next(1, kind, call -> which.test(call) && calls.get() >= due);
    }
  }

  private static boolean isWebhook(Faults.Call call) {
    return call.method().equals("WEBHOOK");
  }
}
