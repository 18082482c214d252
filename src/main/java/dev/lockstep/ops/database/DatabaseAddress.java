package dev.lockstep.ops.database;

import dev.lockstep.ops.StartupCheck;
import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * {@code DATABASE_URL}, {@code DATABASE_USERNAME} and {@code DATABASE_PASSWORD}. The address is a
 * JDBC URL or the {@code postgres://user:password@host/name} form that hosting platforms provide.
 */
@Component
public final class DatabaseAddress implements StartupCheck {
  private static final Pattern JDBC = Pattern.compile("jdbc:postgresql:.+");
  private static final Pattern PLAIN = Pattern.compile("postgres(ql)?://.+");

  private final String address;
  private final String username;
  private final String password;

  DatabaseAddress(Environment environment) {
    this.address = environment.getProperty("DATABASE_URL", "").strip();
    this.username = environment.getProperty("DATABASE_USERNAME", "").strip();
    this.password = environment.getProperty("DATABASE_PASSWORD", "");
  }

  /** Whether {@code DATABASE_URL} is set; otherwise the embedded database is used. */
  public boolean isSet() {
    return !address.isEmpty();
  }

  @Override
  public List<String> problems() {
    if (!isSet() || JDBC.matcher(address).matches()) {
      return List.of();
    }
    if (PLAIN.matcher(address).matches()) {
      try {
        if (URI.create(address).getHost() != null) {
          return List.of();
        }
      } catch (IllegalArgumentException e) {
        // Reported below without the address, which may contain a password.
      }
    }
    return List.of(
        "DATABASE_URL: not a PostgreSQL address; write it like"
            + " jdbc:postgresql://host:5432/lockstep, or leave it out for the embedded database");
  }

  String url() {
    if (!PLAIN.matcher(address).matches()) {
      return address;
    }
    URI uri = URI.create(address);
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    return "jdbc:postgresql://" + uri.getHost() + port + uri.getRawPath() + query;
  }

  String username() {
    return username.isEmpty() ? userInfo(0) : username;
  }

  String password() {
    return password.isEmpty() ? userInfo(1) : password;
  }

  private String userInfo(int part) {
    if (!PLAIN.matcher(address).matches()) {
      return "";
    }
    String info = URI.create(address).getUserInfo();
    String[] parts = info == null ? new String[0] : info.split(":", 2);
    return parts.length > part ? parts[part] : "";
  }
}
