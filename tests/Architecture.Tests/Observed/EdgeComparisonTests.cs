using ModularMonolith.Architecture.Graph;
using ModularMonolith.Architecture.Observed;
using ModularMonolith.Architecture.Reading;

namespace ModularMonolith.Architecture.VerificationTests;

/// <summary>What processes have seen, compared with a repository in which Shop asks Stock for a price and hears of its deliveries, and Clerk does the same without declaring it.</summary>
public sealed class EdgeComparisonTests : IDisposable
{
    private const string GetPrice = """{"from":"shop","to":"stock","kind":"request","message":"Stock.Contracts.GetPrice","count":3}""";
    private const string Delivered = """{"from":"stock","to":"shop","kind":"event","message":"Stock.Contracts.Delivered","count":1}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("recorded-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Edges_that_the_code_declares_pass_from_however_many_processes()
    {
        var comparison = Compare([GetPrice, Delivered], [GetPrice]);

        Assert.Empty(comparison.Undeclared);
        Assert.Equal(6, comparison.Recording.Counts[new MessageEdge("shop", "stock", "request", "Stock.Contracts.GetPrice")]);
        Assert.Contains("2 declared edges seen in 2 files", comparison.Write(), StringComparison.Ordinal);
    }

    [Fact]
    public void Edges_of_the_code_that_nobody_has_seen_are_listed()
    {
        var comparison = Compare([GetPrice]);

        Assert.Contains("never seen: stock → shop: event Stock.Contracts.Delivered", comparison.Write(), StringComparison.Ordinal);
        Assert.DoesNotContain("never seen: shop → stock", comparison.Write(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"from":"shop","to":"stock","kind":"request","message":"Stock.Contracts.GetSecret","count":1}""", "No code of 'shop' names this request")]
    [InlineData("""{"from":"stock","to":"shop","kind":"request","message":"Stock.Contracts.GetPrice","count":1}""", "No code of 'stock' names this request, or none of 'shop' answers it")]
    [InlineData("""{"from":"shop","to":"stock","kind":"event","message":"Stock.Contracts.Delivered","count":1}""", "No code of 'shop' publishes this event")]
    [InlineData("""{"from":"clerk","to":"stock","kind":"request","message":"Stock.Contracts.GetPrice","count":2}""", "The manifest of 'clerk' does not say that it depends on 'stock'")]
    [InlineData("""{"from":"stock","to":"clerk","kind":"event","message":"Stock.Contracts.Delivered","count":1}""", "The manifest of 'clerk' does not say that it depends on 'stock'")]
    [InlineData("""{"from":"spy","to":"stock","kind":"request","message":"Stock.Contracts.GetPrice","count":1}""", "There is no module 'spy'")]
    public void An_edge_that_is_not_declared_is_found_beside_those_that_are(string line, string reason)
    {
        var comparison = Compare([GetPrice, line]);

        var (_, found) = Assert.Single(comparison.Undeclared);
        Assert.StartsWith(reason, found, StringComparison.Ordinal);
        Assert.Contains("undeclared: ", comparison.Write(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_a_recording_says_nothing_and_fails()
    {
        Assert.Contains("Nothing was recorded", Assert.Throws<ArchitectureException>(() => Recording.Read(_folder)).Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was recorded", Assert.Throws<ArchitectureException>(() => Recording.Read(Path.Combine(_folder, "missing"))).Message, StringComparison.Ordinal);
        Assert.Throws<ArchitectureException>(() => Compare([]));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("""{"from":"shop","to":"stock","kind":"request"}""")]
    public void A_line_that_no_process_has_written_fails(string line) =>
        Assert.Contains("line 2: this is no observed edge", Assert.Throws<ArchitectureException>(() => Compare([GetPrice, line])).Message, StringComparison.Ordinal);

    [Fact]
    public void The_repository_s_own_code_declares_its_requests_and_events()
    {
        var declared = MessagesInCode.Of(Repository.Open(Repository.RootAbove(AppContext.BaseDirectory)).Read(useCache: false));

        Assert.Contains(declared, static edge => edge is ("ordering", "inventory", "request", _));
        Assert.Contains(declared, static edge => edge is ("catalog", "inventory", "event", _));
        Assert.Contains(declared, static edge => edge is ("payments", "ledger", "event", _));
        Assert.All(declared, static edge => Assert.NotEqual(edge.From, edge.To));
    }

    private EdgeComparison Compare(params string[][] files)
    {
        foreach (var (lines, number) in files.Select(static (lines, index) => (lines, index)))
        {
            File.WriteAllLines(Path.Combine(_folder, $"{number}.jsonl"), lines);
        }

        return EdgeComparison.Of(Graph(), Recording.Read(_folder));
    }

    private static CodeGraph Graph()
    {
        TypeName price = new("Stock.Contracts", "Stock.Contracts.GetPrice", []), delivered = new("Stock.Contracts", "Stock.Contracts.Delivered", []);
        var secret = new TypeName("Stock.Contracts", "Stock.Contracts.GetSecret", []);
        return new CodeGraph(
            "/nowhere",
            [Project("Shop", "Shop"), Project("Clerk", "Clerk"), Project("Stock", "Stock"), Project("Stock", "Stock.Contracts")],
            [
                Assembly("Shop", Manifest("Shop", "stock"), Type("Shop", "Shop.PlaceOrder", [], Makes(price)), Type("Shop", "Shop.WhenDelivered", [Handles(delivered)])),
                Assembly("Clerk", Manifest("Clerk"), Type("Clerk", "Clerk.Look", [], Makes(price)), Type("Clerk", "Clerk.WhenDelivered", [Handles(delivered)])),
                Assembly("Stock", Manifest("Stock"), Type("Stock", "Stock.GetPriceHandler", [Answers(price)]), Type("Stock", "Stock.GetSecretHandler", [Answers(secret)], Makes(delivered))),
                Assembly("Stock.Contracts", Type("Stock.Contracts", price.FullName, []), Type("Stock.Contracts", secret.FullName, []), Type("Stock.Contracts", delivered.FullName, [])),
            ]);
    }

    private static ProjectFacts Project(string module, string name) => new(
        $"modules/{module}/{name}/{name}.csproj", name.EndsWith(".Contracts", StringComparison.Ordinal) ? ProjectKind.Contracts : ProjectKind.Slice, module, name, [], [], [], []);

    private static AssemblyFacts Assembly(string name, params TypeFacts[] types) => new(name, [], [], types);

    private static TypeFacts Manifest(string module, params string[] dependsOn) => Type(module, $"{module}.{module}Module", []) with
    {
        Attributes = [new AttributeFacts(new TypeName("Platform", WellKnown.Module, []), [module.ToLowerInvariant()], [.. dependsOn.Select(static name => KeyValuePair.Create("DependsOn", name))], [])],
    };

    private static TypeFacts Type(string assembly, string name, TypeName[] interfaces, params Use[] uses) => new(
        new TypeName(assembly, name, []), TypeKind.Class, Visibility.Internal, IsSealed: true, IsAbstract: false, IsRecord: false, null, interfaces, [],
        [new MemberFacts("Handle", MemberKind.Method, Visibility.Public, MemberFlags.None, null, [], [], uses, [], null)], null);

    private static TypeName Answers(TypeName request) => new("MediatR", WellKnown.RequestHandler, [request, new TypeName("System.Runtime", "System.String", [])]);

    private static TypeName Handles(TypeName integrationEvent) => new("Platform", WellKnown.Handle, [integrationEvent]);

    private static Use Makes(TypeName type) => new(EdgeKind.Call, type, ".ctor", [], [], null);
}
