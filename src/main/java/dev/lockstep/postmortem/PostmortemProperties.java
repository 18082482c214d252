package dev.lockstep.postmortem;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of {@code lockstep.postmortems}: where to find what, and how often to look. How action
 * items are planned is in the file {@code settings}. Durations have a unit, such as {@code 30s},
 * and are not negative; {@link dev.lockstep.ops.KnownSettings} refuses anything else at start-up.
 *
 * @param settings the file with {@link dev.lockstep.postmortem.settings.PostmortemSettings};
 *     default config/postmortems.yaml
 * @param words the file with the words by which action items are recognised; default
 *     config/postmortem-words.yaml
 * @param folder the folder whose Markdown files are imported; default empty, for none
 * @param look interval at which the folder is read; default 10 seconds
 * @param rounds interval of the checks for what no event reports; default 30 seconds
 */
@ConfigurationProperties("lockstep.postmortems")
record PostmortemProperties(
    @DefaultValue("config/postmortems.yaml") Path settings,
    @DefaultValue("config/postmortem-words.yaml") Path words,
    @DefaultValue("") String folder,
    @DefaultValue("10s") Duration look,
    @DefaultValue("30s") Duration rounds) {

  boolean hasFolder() {
    return !folder.isBlank();
  }
}
