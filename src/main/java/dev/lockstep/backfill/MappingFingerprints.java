package dev.lockstep.backfill;

import java.util.Map;

/** Tells whether a plan was made with the mappings that the service uses. */
@FunctionalInterface
public interface MappingFingerprints {

  /** By name of each mapping in use, a fingerprint of its file as it was at start. */
  Map<String, String> inUse();
}
