"""The window's language: translations from resources/i18n, and whether a font can show them."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator
from PySide6.QtGui import QFontDatabase, QFontMetrics, QGuiApplication

from bpgui.paths import resources

System = QFontDatabase.WritingSystem
SCRIPTS = {
    QLocale.Script.SimplifiedHanScript: System.SimplifiedChinese,
    QLocale.Script.TraditionalHanScript: System.TraditionalChinese,
    QLocale.Script.JapaneseScript: System.Japanese,
    QLocale.Script.KoreanScript: System.Korean,
    QLocale.Script.CyrillicScript: System.Cyrillic,
    QLocale.Script.GreekScript: System.Greek,
}


def locale_of(language: str) -> QLocale:
    """The locale of a name such as zh_CN; the system's where it is empty."""
    return QLocale(language) if language else QLocale.system()


def knows_language(language: str) -> bool:
    """Whether there is a locale of this name, translated or not."""
    return QLocale(language).language() != QLocale.Language.C


def install_translators(
    app: QCoreApplication, locale: QLocale, parent: QObject
) -> list[QTranslator]:
    """Ours and Qt's own, where there are any; without one the window speaks English."""
    places = {
        "qtbase": QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath),
        "bpgui": str(resources() / "i18n"),
    }
    installed = []
    for name, folder in places.items():
        translator = QTranslator(parent)
        if translator.load(locale, name, "_", folder):
            app.installTranslator(translator)
            installed.append(translator)
    return installed


def font_warning(locale: QLocale) -> str:
    """What to install where no font has the signs of `locale`; empty where one has."""
    script = SCRIPTS.get(locale.script(), System.Latin)
    if _has_font() and script in QFontDatabase.writingSystems():
        return ""
    packages = "fonts-dejavu-core" if script == System.Latin else "fonts-wqy-microhei"
    return (
        f"No font can show {QLocale.languageToString(locale.language())}, so text may appear as "
        f"empty boxes. Install one, on Debian or Ubuntu with: apt install {packages}"
    )


def _has_font() -> bool:
    """Whether there is a font at all: where there is none, Qt names families and Latin yet."""
    return QFontMetrics(QGuiApplication.font()).inFont("a")
