package dev.lockstep.problem;

import java.time.Duration;
import java.util.Locale;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of {@code lockstep.problems}; {@link ProblemSettingsCheck} refuses wrong values at
 * start.
 *
 * @param mode {@code off}, {@code propose} or {@code automatic}; default {@code propose}
 * @param within how long ago similar incidents were opened at most; default 30 days
 * @param incidents how many there are at least, with the latest; default 2
 * @param openActionItems whether one of the earlier ones must have an open action item; default yes
 */
@ConfigurationProperties("lockstep.problems")
record ProblemSettings(
    @DefaultValue("propose") String mode,
    @DefaultValue("30d") Duration within,
    @DefaultValue("2") Integer incidents,
    @DefaultValue("true") Boolean openActionItems) {

  boolean isOff() {
    return normalized().equals("off");
  }

  boolean isAutomatic() {
    return normalized().equals("automatic");
  }

  String normalized() {
    return mode.strip().toLowerCase(Locale.ROOT);
  }
}
