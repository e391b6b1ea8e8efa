using ModularMonolith.Platform.Hosting;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Platform.Tests.Boundaries;

/// <summary>Whose services a module's code is given, as the built container would do it.</summary>
public sealed class ServiceBoundaryTests
{
    [Theory]
    [InlineData("type", "one", "ModularMonolith.East.TakesOne of module 'east' asks in its constructor for ModularMonolith.West.Contracts.ITool (tool), which is answered by ModularMonolith.West.WesternTool of module 'west'")]
    [InlineData("factory", "one", "which is answered by the service ModularMonolith.West.Contracts.ITool of module 'west', registered by ModularMonolith.West.WestModule")]
    [InlineData("type", "generic", "TakesOpen`1 of module 'east'")]
    [InlineData("type", "many", "IEnumerable<ModularMonolith.West.Contracts.ITool> (tools)")]
    [InlineData("type", "func", "Func<ModularMonolith.West.Contracts.ITool> (tool)")]
    [InlineData("type", "lazy", "Lazy<IEnumerable<ModularMonolith.West.Contracts.ITool>> (tools)")]
    [InlineData("type", "hosted", "ModularMonolith.East.TakesInBackground of module 'east'")]
    [InlineData("type", "keyed service", "ModularMonolith.East.TakesOne of module 'east'")]
    [InlineData("keyed", "keyed", "ModularMonolith.East.TakesKeyed of module 'east'")]
    [InlineData("instance", "client", "System.Net.Http.HttpClient (client), which is answered by the service System.Net.Http.HttpClient of module 'west'")]
    [InlineData("settings", "settings", "IOptions<ModularMonolith.West.Contracts.WestSettings> (settings): the settings of module 'west'")]
    [InlineData("nothing", "settings", "the settings of module 'west'")]
    [InlineData("nothing", "provider", "ModularMonolith.East.TakesProvider of module 'east' takes an IServiceProvider in its constructor")]
    [InlineData("handler", "nothing", "ModularMonolith.East.PassOnHandler of module 'east' asks in its constructor for IEnumerable<ModularMonolith.West.Contracts.IHandlersTool> (tools)")]
    [InlineData("validator", "nothing", "ModularMonolith.East.AskEastValidator of module 'east'")]
    [InlineData("subscriber", "nothing", "ModularMonolith.East.WhenWindTurned of module 'east'")]
    [InlineData("endpoint", "nothing", "The endpoint ModularMonolith.East.EastEndpoints")]
    [InlineData("check", "nothing", "ModularMonolith.East.EastCheck of module 'east'")]
    public async Task A_module_that_would_be_given_a_service_of_another_keeps_the_host_from_starting(string offers, string takes, string explanation)
    {
        await using var app = Neighbours.Build(new Dictionary<string, string?> { ["west:Offers"] = offers, ["east:Takes"] = takes });

        var refused = Assert.Throws<ModuleConfigurationException>(() => app.UseModularMonolith());

        Assert.Contains(explanation, refused.Message, StringComparison.Ordinal);
        Assert.Contains("docs/rules.md#services-stay-in-their-module", refused.Message, StringComparison.Ordinal);
        Assert.Single(refused.Message.Split('\n'), static line => line.Contains("of module 'east'", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("nothing", "one")]
    [InlineData("nothing", "generic")]
    [InlineData("nothing", "many")]
    [InlineData("nothing", "func")]
    [InlineData("nothing", "lazy")]
    [InlineData("nothing", "hosted")]
    [InlineData("nothing", "keyed")]
    [InlineData("nothing", "keyed service")]
    [InlineData("nothing", "own settings")]
    [InlineData("nothing", "framework")]
    [InlineData("nothing", "scopes")]
    [InlineData("nothing", "provider with a reason")]
    // What the east has registered later is what the container answers with; the neighbour's is passed over.
    [InlineData("type", "one")]
    [InlineData("keyed", "one")]
    [InlineData("instance", "one")]
    [InlineData("settings", "own settings")]
    public async Task A_module_that_is_given_its_own_services_or_the_framework_s_starts(string offers, string takes)
    {
        await using var app = Neighbours.Build(new Dictionary<string, string?> { ["west:Offers"] = offers, ["east:Takes"] = takes, ["east:Registers"] = "own" });

        app.UseModularMonolith();
    }

    [Fact]
    public async Task A_list_in_which_own_services_stand_beside_a_neighbour_s_is_refused()
    {
        await using var app = Neighbours.Build(new Dictionary<string, string?> { ["west:Offers"] = "type", ["east:Takes"] = "many", ["east:Registers"] = "own" });

        var refused = Assert.Throws<ModuleConfigurationException>(() => app.UseModularMonolith());

        Assert.Contains("ModularMonolith.West.WesternTool of module 'west'", refused.Message, StringComparison.Ordinal);
    }
}
