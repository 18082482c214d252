package dev.lockstep.trace.timeline;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of {@code lockstep.timeline}.
 *
 * @param noteAtClosing whether an incident gets its timeline in an internal note when it is closed;
 *     default false
 */
@ConfigurationProperties("lockstep.timeline")
record TimelineSettings(@DefaultValue("false") Boolean noteAtClosing) {}
