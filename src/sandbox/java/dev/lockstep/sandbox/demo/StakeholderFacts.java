package dev.lockstep.sandbox.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the people of {@link StakeholderScenario} did, as the judge needs it. Lockstep receives none
 * of this. One thread only.
 */
final class StakeholderFacts {
  /** Its updates are sent late, and the status page shows it; empty until it starts. */
  Optional<ScenarioRunner.LinkedPair> portal = Optional.empty();

  /** Its updates are sent in time; empty until it starts. */
  Optional<ScenarioRunner.LinkedPair> pharmacy = Optional.empty();

  /** What was said for nobody but those who work on it. */
  final List<String> internal = new ArrayList<>();

  /** What people said in a channel without making a note of it. */
  final List<String> unmarked = new ArrayList<>();

  /** What an operator approved. */
  final List<String> approved = new ArrayList<>();

  /** What the vendor wrote for us. */
  final List<String> vendor = new ArrayList<>();

  /** Words of the update that was sent late. */
  String late = "";

  /** As it was exported. */
  final List<String> timeline = new ArrayList<>();
}
