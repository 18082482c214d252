package dev.lockstep.connector.definition;

import java.util.LinkedHashMap;
import java.util.Map;

/** Values of a connector's settings. */
public final class Settings {
  private Settings() {}

  /** Empty when not set; a URL is returned without a trailing slash. */
  public static String value(ConnectorDefinition.Setting setting) {
    String value = setting.value() == null ? "" : setting.value().strip();
    if (!setting.env().isEmpty() && value.equals("${" + setting.env() + "}")) {
      return "";
    }
    boolean isUrl =
        setting.kind() == ConnectorDefinition.SettingKind.URL
            || setting.kind() == ConnectorDefinition.SettingKind.ORIGIN;
    return isUrl && value.endsWith("/") ? value.substring(0, value.length() - 1) : value;
  }

  public static String value(ConnectorDefinition connector, String name) {
    ConnectorDefinition.Setting setting = connector.settings().get(name);
    return setting == null ? "" : value(setting);
  }

  /**
   * The names and values of a table; what is no pair has an empty value. The last equals sign
   * separates them, since a name may contain one.
   */
  public static Map<String, String> table(String value) {
    Map<String, String> table = new LinkedHashMap<>();
    for (String entry : value.split(",", -1)) {
      int at = entry.lastIndexOf('=');
      table.put(
          entry.substring(0, Math.max(at, 0)).strip(),
          at < 0 ? "" : entry.substring(at + 1).strip());
    }
    return table;
  }

  public static boolean complete(
      ConnectorDefinition connector, ConnectorDefinition.Authorization way) {
    return way.needs().stream().noneMatch(name -> value(connector, name).isEmpty());
  }
}
