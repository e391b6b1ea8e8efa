using ModularMonolith.Architecture.Contracts;
using ModularMonolith.Architecture.Graph;
using ModularMonolith.Architecture.Reading;

namespace ModularMonolith.Contracts.Tests;

/// <summary>Who is touched by a difference.</summary>
public sealed class ConsumersTests
{
    private const string Handlers = "namespace ModularMonolith.Platform.IntegrationLog; public interface IHandle<in T> { void Handle(T found); }";

    private const string Own =
        """
        namespace ModularMonolith.Tea;
        internal static class Brewing
        {
            public static object Answer() => new ModularMonolith.Tea.Contracts.Brew(Guid.Empty, "Green", null, default);
        }
        """;

    private const string Cups =
        """
        using ModularMonolith.Tea.Contracts;
        namespace ModularMonolith.Cups;
        internal static class Table
        {
            public static object Ask() => new BrewTea(Guid.Empty, "green", Size.Small);

            public static string Read(Brew brew) => brew.Title;
        }

        internal sealed class WhenTeaBrewed : ModularMonolith.Platform.IntegrationLog.IHandle<TeaBrewed>
        {
            public void Handle(TeaBrewed found) => GC.KeepAlive(found.BrewId);
        }
        """;

    private static readonly Lazy<ContractConsumers> Found = new(Read);

    [Fact]
    public void Who_reads_a_member_of_an_answer_is_named_with_the_place() =>
        Assert.Equal("Cups: ModularMonolith.Cups.cs:7", Affected("Tea.surface.txt", "answer-member-removed", "Brew", "Title"));

    [Fact]
    public void Who_builds_a_request_is_named_when_a_member_of_it_changes() =>
        Assert.Equal("Cups: ModularMonolith.Cups.cs:5", Affected("Tea.surface.txt", "request-member-required", "BrewTea", "Cups"));

    [Fact]
    public void Who_makes_an_answer_is_named_when_more_is_asked_of_it() =>
        Assert.Equal("Tea: ModularMonolith.Tea.cs:4", Affected("Tea.surface.txt", "answer-member-required", "Brew", "Cups"));

    [Fact]
    public void Who_handles_an_event_is_named_by_its_stored_name() =>
        Assert.StartsWith("Cups: ModularMonolith.Cups.cs:", Affected("Tea.events.json", "payload-member-removed", "tea.tea-brewed", "/cups"), StringComparison.Ordinal);

    [Fact]
    public void Who_knows_the_type_is_named_when_the_member_is_gone_already() =>
        Assert.Equal("Cups: ModularMonolith.Cups.cs:7", Affected("Tea.surface.txt", "answer-member-removed", "Brew", "Colour"));

    [Fact]
    public void Nobody_is_named_when_nobody_uses_it() => Assert.Empty(Affected("Tea.surface.txt", "type-removed", "FindPots", string.Empty));

    [Fact]
    public void Nobody_is_named_when_nothing_breaks() => Assert.Empty(Affected("Tea.surface.txt", "answer-member-added", "Brew", "Cups"));

    private static string Affected(string file, string kind, string subject, string place) =>
        string.Join('\n', Found.Value.Name("modules/Tea/" + file, DifferenceKinds.Of(kind).Between(subject, place)).Affected);

    private static ContractConsumers Read()
    {
        var platform = Compiler.Compile("ModularMonolith.Platform", Handlers);
        var contracts = Compiler.Compile("ModularMonolith.Tea.Contracts", Sample.Contracts);
        var tea = Compiler.Compile("ModularMonolith.Tea", Own, contracts);
        var cups = Compiler.Compile("ModularMonolith.Cups", Cups, contracts, platform);
        using var assemblies = Compiler.NewAssemblies();
        return new ContractConsumers(new CodeGraph(
            "/",
            [Project("Tea", "Tea", ProjectKind.Slice), Project("Tea", "Tea.Contracts", ProjectKind.Contracts), Project("Cups", "Cups", ProjectKind.Slice)],
            [Facts(tea), Facts(contracts), Facts(cups)]));

        AssemblyFacts Facts(Image image) => AssemblyReader.Read(Compiler.Read(assemblies, image), "/", []);
    }

    private static ProjectFacts Project(string module, string name, ProjectKind kind) => new($"modules/{module}/{name}/{name}.csproj", kind, module, "ModularMonolith." + name, [], [], [], []);
}
