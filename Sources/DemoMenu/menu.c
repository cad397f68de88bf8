#include "DemoMenu.h"

static const unsigned char menu_json[] = {
#embed "menu.json"
};

struct demo_menu demo_menu(void) {
    return (struct demo_menu){menu_json, sizeof menu_json};
}
