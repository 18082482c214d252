package dev.lockstep.retention;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of {@code lockstep.retention}.
 *
 * @param after how long after its last change a correlation that is over is deleted; at least a
 *     day; default 0: never
 * @param archive folder of the files to which everything is written before it is deleted; default
 *     none
 */
@ConfigurationProperties("lockstep.retention")
record RetentionSettings(@DefaultValue("0s") Duration after, @DefaultValue("") String archive) {

  boolean isOn() {
    return !after.isZero();
  }

  Optional<Path> archiveFolder() {
    return archive.isBlank() ? Optional.empty() : Optional.of(Path.of(archive.strip()));
  }
}
