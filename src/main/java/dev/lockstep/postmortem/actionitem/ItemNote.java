package dev.lockstep.postmortem.actionitem;

import java.time.Instant;

/** A note that was written on the record of an item. */
record ItemNote(String id, String by, Instant at, String text) {}
