package dev.lockstep.connector.definition;

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

  public static boolean complete(
      ConnectorDefinition connector, ConnectorDefinition.Authorization way) {
    return way.needs().stream().noneMatch(name -> value(connector, name).isEmpty());
  }
}
