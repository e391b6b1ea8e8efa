namespace ModularMonolith.Careless.Haste;

internal sealed class Endless
{
    public int Line1() => 1;

    public int Line2() => 2;

    public int Line3() => 3;

    public int Line4() => 4;

    public int Line5() => 5;

    public int Line6() => 6;

    public int Line7() => 7;

    public int Line8() => 8;

    public int Line9() => 9;

    public int Line10() => 10;

    public int Line11() => 11;

    public int Line12() => 12;

    public int Line13() => 13;

    public int Line14() => 14;

    public int Line15() => 15;

    public int Line16() => 16;

    public int Line17() => 17;

    public int Line18() => 18;

    public int Line19() => 19;

    public int Line20() => 20;

    public int Line21() => 21;

    public int Line22() => 22;

    public int Line23() => 23;

    public int Line24() => 24;

    public int Line25() => 25;

    public int Line26() => 26;

    public int Line27() => 27;

    public int Line28() => 28;

    public int Line29() => 29;

    public int Line30() => 30;

    public int Line31() => 31;

    public int Line32() => 32;

    public int Line33() => 33;

    public int Line34() => 34;

    public int Line35() => 35;

    public int Line36() => 36;

    public int Line37() => 37;

    public int Line38() => 38;

    public int Line39() => 39;

    public int Line40() => 40;

    public int Line41() => 41;

    public int Line42() => 42;

    public int Line43() => 43;

    public int Line44() => 44;

    public int Line45() => 45;

    public int Line46() => 46;

    public int Line47() => 47;

    public int Line48() => 48;

    public int Line49() => 49;

    public int Line50() => 50;

    public int Line51() => 51;

    public int Line52() => 52;

    public int Line53() => 53;

    public int Line54() => 54;

    public int Line55() => 55;

    public int Line56() => 56;

    public int Line57() => 57;

    public int Line58() => 58;

    public int Line59() => 59;

    public int Line60() => 60;

    public int Line61() => 61;

    public int Line62() => 62;

    public int Line63() => 63;

    public int Line64() => 64;

    public int Line65() => 65;

    public int Line66() => 66;

    public int Line67() => 67;

    public int Line68() => 68;

    public int Line69() => 69;

    public int Line70() => 70;

    public int Line71() => 71;

    public int Line72() => 72;

    public int Line73() => 73;

    public int Line74() => 74;

    public int Line75() => 75;

    public int Line76() => 76;

    public int Line77() => 77;

    public int Line78() => 78;

    public int Line79() => 79;

    public int Line80() => 80;

    public int Line81() => 81;

    public int Line82() => 82;

    public int Line83() => 83;

    public int Line84() => 84;

    public int Line85() => 85;

    public int Line86() => 86;

    public int Line87() => 87;

    public int Line88() => 88;

    public int Line89() => 89;

    public int Line90() => 90;

    public int Line91() => 91;

    public int Line92() => 92;

    public int Line93() => 93;

    public int Line94() => 94;

    public int Line95() => 95;

    public int Line96() => 96;

    public int Line97() => 97;

    public int Line98() => 98;

    public int Line99() => 99;

    public int Line100() => 100;

    public int Line101() => 101;

    public int Line102() => 102;

    public int Line103() => 103;

    public int Line104() => 104;

    public int Line105() => 105;

    public int Line106() => 106;

    public int Line107() => 107;

    public int Line108() => 108;

    public int Line109() => 109;

    public int Line110() => 110;

    public int Line111() => 111;

    public int Line112() => 112;

    public int Line113() => 113;

    public int Line114() => 114;

    public int Line115() => 115;

    public int Line116() => 116;

    public int Line117() => 117;

    public int Line118() => 118;

    public int Line119() => 119;

    public int Line120() => 120;

    public int Line121() => 121;

    public int Line122() => 122;

    public int Line123() => 123;

    public int Line124() => 124;

    public int Line125() => 125;

    public int Line126() => 126;

    public int Line127() => 127;

    public int Line128() => 128;

    public int Line129() => 129;

    public int Line130() => 130;

    public int Line131() => 131;

    public int Line132() => 132;

    public int Line133() => 133;

    public int Line134() => 134;

    public int Line135() => 135;

    public int Line136() => 136;

    public int Line137() => 137;

    public int Line138() => 138;

    public int Line139() => 139;

    public int Line140() => 140;

    public int Line141() => 141;

    public int Line142() => 142;

    public int Line143() => 143;

    public int Line144() => 144;

    public int Line145() => 145;

    public int Line146() => 146;

    public int Line147() => 147;

    public int Line148() => 148;

    public int Line149() => 149;

    public int Line150() => 150;
}
