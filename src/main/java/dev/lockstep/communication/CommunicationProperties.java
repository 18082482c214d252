package dev.lockstep.communication;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Directly under {@code lockstep}.
 *
 * @param communications the file with {@link
 *     dev.lockstep.communication.settings.CommunicationSettings}; default
 *     config/communications.yaml
 */
@ConfigurationProperties("lockstep")
record CommunicationProperties(@DefaultValue("config/communications.yaml") Path communications) {}
