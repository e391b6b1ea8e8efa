using Microsoft.Extensions.Configuration;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Bridge.Tests;

public sealed class SettingsTests
{
    [Fact]
    public void Without_an_address_the_bridge_is_not_part_of_the_host()
    {
        Assert.Equal(["bridge"], ModuleCatalog.From([typeof(BridgeModule).Assembly], Configuration()).Disabled);
        Assert.Equal(["bridge"], ModuleCatalog.From([typeof(BridgeModule).Assembly], Configuration(("bridge:Address", "amqp://broker"))).Modules.Select(static module => module.Name));
        Assert.Equal(["bridge"], ModuleCatalog.From([typeof(BridgeModule).Assembly], Configuration(("bridge:Address", "amqp://broker"), ("Modules:bridge:Enabled", "false"))).Disabled);
    }

    [Theory]
    [InlineData("Address", "http://user:secret@broker", "bridge:Address is not an address")]
    [InlineData("Export", "*", "bridge:Export has the entry '*'")]
    [InlineData("Export", "ordering.#", "bridge:Export has the entry 'ordering.#'")]
    [InlineData("Import", "ordering.placed", "bridge:Queue is not set")]
    [InlineData("PublishSeconds", "0", "bridge:PublishSeconds is 0")]
    [InlineData("RememberDays", "0", "bridge:RememberDays is 0")]
    [InlineData("Prefetch", "2001", "bridge:Prefetch is 2001")]
    public void A_setting_that_cannot_be_is_refused_by_name_and_without_the_password(string key, string value, string message)
    {
        var refused = Assert.Throws<ModuleConfigurationException>(() => Settings(("Address", "amqp://user:secret@broker"), (key, value)));

        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_are_a_list_or_one_line()
    {
        Assert.Equal(["a.b", "c.*"], Settings(("Address", "amqp://broker"), ("Export", "a.b, c.*")).Export);
        Assert.Equal(["a.b", "c.*"], Settings(("Address", "amqp://broker"), ("Export:0", "a.b"), ("Export:1", "c.*")).Export);
    }

    [Theory]
    [InlineData("ordering.placed", true)]
    [InlineData("stock.moved", true)]
    [InlineData("stock.level.low", true)]
    [InlineData("ordering.placed.twice", false)]
    [InlineData("stocks.moved", false)]
    [InlineData("stock", false)]
    public void Only_names_that_are_asked_for_are_imported(string name, bool isImported) =>
        Assert.Equal(isImported, Settings(("Address", "amqp://broker"), ("Import", "ordering.placed,stock.*"), ("Queue", "here")).Imports(name));

    private static BridgeSettings Settings(params (string Key, string Value)[] settings) => BridgeSettings.From(Configuration(settings));

    private static IConfiguration Configuration(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection().Build();
        foreach (var (key, value) in settings)
        {
            configuration[key] = value;
        }

        return configuration;
    }
}
