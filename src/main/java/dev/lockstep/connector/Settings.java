package dev.lockstep.connector;

/** What an operator set, or has yet to set. */
final class Settings {
  private Settings() {}

  /** Empty when it is not set; an address comes without a slash at its end. */
  static String value(Connector.Setting setting) {
    String value = setting.value() == null ? "" : setting.value().strip();
    if (!setting.env().isEmpty() && value.equals("${" + setting.env() + "}")) {
      return "";
    }
    boolean isUrl =
        setting.kind() == Connector.SettingKind.URL
            || setting.kind() == Connector.SettingKind.ORIGIN;
    return isUrl && value.endsWith("/") ? value.substring(0, value.length() - 1) : value;
  }

  static String value(Connector connector, String name) {
    Connector.Setting setting = connector.settings().get(name);
    return setting == null ? "" : value(setting);
  }

  static boolean complete(Connector connector, Connector.Authorization way) {
    return way.needs().stream().noneMatch(name -> value(connector, name).isEmpty());
  }
}
