package dev.lockstep.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.stereotype.Component;

/** The settings in use, without secrets. */
@Component
public final class EffectiveSettings {
  /** Shown instead of a secret. */
  public static final String MASK = "••••••";

  private static final Pattern SECRET =
      Pattern.compile(
          "(?i)token|secret|password|passwd|credential|private|headers|api.?key|(^|_)key");

  /** Credentials within an address. */
  private static final Pattern USER_INFO = Pattern.compile("://[^/@\\s]*@");

  private static final Pattern SECRET_PARAMETER =
      Pattern.compile("(?i)([?&;][^=&;]*(?:token|secret|password|key|sig)[^=&;]*)=[^&;]*");

  private final ConfigurableEnvironment environment;
  private final KnownSettings known;

  EffectiveSettings(ConfigurableEnvironment environment, KnownSettings known) {
    this.environment = environment;
    this.known = known;
  }

  /**
   * @param value empty if it is not set, so that its default applies; masked if it is a secret
   * @param source where it is set, for example a file; empty if it is not
   */
  public record Setting(String name, String value, String source, boolean isSet) {}

  /** Sorted by name. */
  public List<Setting> all() {
    List<Setting> settings = new ArrayList<>();
    for (String name : new TreeSet<>(known.all())) {
      String value = environment.getProperty(name, "").strip();
      settings.add(new Setting(name, mask(name, value), source(name), !value.isEmpty()));
    }
    return settings;
  }

  /** The value, with all that is a secret in it replaced by {@link #MASK}. */
  public static String mask(String name, String value) {
    if (value.isEmpty()) {
      return "";
    }
    if (SECRET.matcher(name).find()) {
      return MASK;
    }
    String withoutUser = USER_INFO.matcher(value).replaceAll("://" + MASK + "@");
    return SECRET_PARAMETER.matcher(withoutUser).replaceAll("$1=" + MASK);
  }

  private String source(String name) {
    for (PropertySource<?> source : environment.getPropertySources()) {
      if (!source.getName().equals("configurationProperties") && source.containsProperty(name)) {
        return source.getName().toLowerCase(Locale.ROOT).contains("systemenvironment")
            ? "environment"
            : source.getName().replaceFirst("^Config resource '([^']*)'.*", "$1");
      }
    }
    return "";
  }
}
