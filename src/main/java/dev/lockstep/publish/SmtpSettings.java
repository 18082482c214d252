package dev.lockstep.publish;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The mail server; settings of {@code lockstep.smtp}.
 *
 * @param host empty: no e-mail is sent
 * @param port default 587
 * @param username empty: no log-in
 * @param from the sender, an address, also as {@code Name <address>}
 * @param security {@code starttls} (default): TLS is required; {@code tls}: from the first byte,
 *     usually on port 465; {@code none}: for a server on this machine
 */
@ConfigurationProperties("lockstep.smtp")
record SmtpSettings(
    @DefaultValue("") String host,
    // Not a primitive: an empty value means the default.
    @DefaultValue("587") Integer port,
    @DefaultValue("") String username,
    @DefaultValue("") String password,
    @DefaultValue("") String from,
    @DefaultValue("starttls") String security) {

  /** Without the password. */
  @Override
  public String toString() {
    return "SMTP server %s:%d".formatted(host, port);
  }
}
