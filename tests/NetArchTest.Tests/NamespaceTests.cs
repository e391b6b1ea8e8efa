using static ModularMonolith.NetArchTest.Tests.Selected;

namespace ModularMonolith.NetArchTest.Tests;

public sealed class NamespaceTests
{
    private const string Shop = Root + "Shop";

    [Fact]
    public void The_beginning_of_the_full_name_counts_even_within_a_segment() => Divide("(Shop|ShopXBilling)",
        types => types.ResideInNamespace(Shop + ".orders"), types => types.DoNotResideInNamespace(Shop + ".orders"),
        types => types.ResideInNamespace(Shop + ".orders"), types => types.NotResideInNamespace(Shop + ".orders"),
        "Archive", "Line", "Order");

    [Fact]
    public void Namespaces_match_regular_expressions_without_regard_to_case() => Divide("(Shop|ShopXBilling)",
        types => types.ResideInNamespaceMatching(@"\.orders$"), types => types.DoNotResideInNamespaceMatching(@"\.orders$"),
        types => types.ResideInNamespaceMatching(@"\.orders$"), types => types.NotResideInNamespaceMatching(@"\.orders$"), "Order");

    [Fact]
    public void Namespaces_start_with_a_text_in_which_a_dot_means_a_dot() => Divide("(Shop|ShopXBilling)",
        types => types.ResideInNamespaceStartingWith(Shop + "."), types => types.DoNotResideInNamespaceStartingWith(Shop + "."),
        types => types.ResideInNamespaceStartingWith(Shop + "."), types => types.NotResideInNamespaceStartingWith(Shop + "."),
        "Archive", "Invoice", "Line", "Order");

    [Fact]
    public void Namespaces_end_with_a_text() => Divide("(Shop|ShopXBilling)",
        types => types.ResideInNamespaceEndingWith("shop.billing"), types => types.DoNotResideInNamespaceEndingWith("shop.billing"),
        types => types.ResideInNamespaceEndingWith("shop.billing"), types => types.NotResideInNamespaceEndingWith("shop.billing"), "Invoice");

    [Fact]
    public void Namespaces_contain_a_text() => Divide("(Shop|ShopXBilling)",
        types => types.ResideInNamespaceContaining("p.orders"), types => types.DoNotResideInNamespaceContaining("p.orders"),
        types => types.ResideInNamespaceContaining("p.orders"), types => types.NotResideInNamespaceContaining("p.orders"),
        "Archive", "Line", "Order");

    [Fact]
    public void The_full_name_of_the_type_around_it_stands_for_the_namespace_of_a_nested_type() => Assert.Equal(["Line"],
        Names(Fixture("Shop").And().ResideInNamespaceEndingWith("Orders.Order").GetTypes()));
}
