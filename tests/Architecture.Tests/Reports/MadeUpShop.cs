using ModularMonolith.Architecture.Graph;
using ModularMonolith.Architecture.Reading;

namespace ModularMonolith.Architecture.ReportTests;

/// <summary>
/// A repository of two modules, made of facts. Sales asks Stock for its levels and tells it what was sold; what Sales tells about itself, nobody hears. The sources are texts, so that git can
/// have them too.
/// </summary>
internal static class MadeUpShop
{
    public const string Messages = "modules/Stock/Stock.Contracts/Messages.cs";
    public const string Sell = "modules/Sales/Sales/Sell.cs";
    public const string Levels = "modules/Stock/Stock/GetLevels.cs";
    private const string Platform = "ModularMonolith.Platform.Contracts";

    /// <summary>The sources by their paths.</summary>
    public static readonly IReadOnlyDictionary<string, string> Sources = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        [Messages] = "namespace Stock.Contracts;\n\n/// <summary>How much is there.</summary>\npublic sealed record GetLevels;\n\npublic sealed record StockSold;\n\npublic sealed record Level;\n",
        [Levels] = "namespace Stock;\n\ninternal sealed class GetLevelsHandler\n{\n    public int Handle() => 1;\n}\n\ninternal sealed class WhenStockSold;\n\ninternal sealed class Unused;\n\ninternal interface ISource;\n\ninternal sealed class Source;\n",
        ["modules/Stock/Stock/StockModule.cs"] = "namespace Stock;\n\ninternal sealed class StockModule;\n",
        [Sell] = "namespace Sales;\n\ninternal sealed record Sell;\n\ninternal sealed class SellEndpoint\n{\n    public int AddRoutes() => 1;\n}\n\ninternal sealed class SellHandler\n{\n    public int Handle() => 2;\n}\n",
        ["modules/Sales/Sales/SalesModule.cs"] = "namespace Sales;\n\ninternal sealed class SalesModule;\n",
        ["modules/Sales/Sales.Contracts/Sold.cs"] = "namespace Sales.Contracts;\n\npublic sealed record Sold;\n",
    };

    public static CodeGraph Graph(string root = "/nowhere") => new(
        root,
        [
            Project("modules/Sales/Sales", ProjectKind.Slice, "Sales", "../../Stock/Stock.Contracts/Stock.Contracts.csproj"), Project("modules/Sales/Sales.Contracts", ProjectKind.Contracts, "Sales"),
            Project("modules/Sales/Sales.Tests", ProjectKind.Tests, "Sales"), Project("modules/Stock/Stock", ProjectKind.Slice, "Stock"), Project("modules/Stock/Stock.Contracts", ProjectKind.Contracts, "Stock"),
            Project("modules/Stock/Stock.Tests", ProjectKind.Tests, "Stock"), Project("src/Engine", ProjectKind.Source, null), Project("src/Platform", ProjectKind.Source, null),
            Project("tests/Architecture.Tests", ProjectKind.Tests, null, "../../modules/*/*/*.csproj"), Project("tests/EndToEnd.Tests", ProjectKind.Tests, null),
            Project("tests/Engine.Tests", ProjectKind.Tests, null, "../../src/Engine/Engine.csproj"),
        ],
        [
            new AssemblyFacts("Sales", [], [],
            [
                Manifest("Sales.SalesModule", "sales", "team-sales", "Sells \"things\" & more <of them>."),
                Type("Sales.Sell", implements: [Name("MediatR", WellKnown.Request)]),
                Type("Sales.SellEndpoint", [Creates("Sales", "Sales.Sell"), new Use(EdgeKind.Call, Name("AspNet", "AspNet.Routing"), "WithName", [], [null, "Sell"], null)], [Name("Carter", WellKnown.CarterModule)]),
                Type(
                    "Sales.SellHandler", [Creates("Stock.Contracts", "Stock.Contracts.GetLevels"), Creates("Stock.Contracts", "Stock.Contracts.StockSold"), Creates("Sales.Contracts", "Sales.Contracts.Sold")],
                    [new TypeName("MediatR", WellKnown.RequestHandler, [Name("Sales", "Sales.Sell"), Name("Sales", "Sales.Sell")])]),
            ]),
            new AssemblyFacts("Sales.Contracts", [], [], [Event("Sales.Contracts.Sold", "Sales.Contracts", "sales.sold")]),
            new AssemblyFacts("Stock", [], [],
            [
                Manifest("Stock.StockModule", "stock", "team-stock", "How much there is."),
                Type("Stock.ISource") with { Kind = TypeKind.Interface, IsAbstract = true },
                Type("Stock.Source", implements: [Name("Stock", "Stock.ISource")]),
                Type("Stock.GetLevelsHandler", [new Use(EdgeKind.Call, Name("Stock", "Stock.ISource"), "Read", [], [], null)], [new TypeName("MediatR", WellKnown.RequestHandler, [Name("Stock.Contracts", "Stock.Contracts.GetLevels"), Name("Stock.Contracts", "Stock.Contracts.Level")])]),
                Type("Stock.WhenStockSold", implements: [new TypeName("ModularMonolith.Platform", WellKnown.Handle, [Name("Stock.Contracts", "Stock.Contracts.StockSold")])], attributes: [Attribute(WellKnown.Subscription, "take-stock")]),
                Type("Stock.Unused"),
            ]),
            new AssemblyFacts("Stock.Contracts", [], [],
            [
                Type("Stock.Contracts.GetLevels", assembly: "Stock.Contracts", visibility: Visibility.Public, implements: [Name("MediatR", WellKnown.Request)]),
                Event("Stock.Contracts.StockSold", "Stock.Contracts", "stock.stock-sold"),
                Type("Stock.Contracts.Level", assembly: "Stock.Contracts", visibility: Visibility.Public),
            ]),
        ]);

    private static ProjectFacts Project(string folder, ProjectKind kind, string? module, params string[] references)
    {
        var name = folder[(folder.LastIndexOf('/') + 1)..];
        var place = new SourceSpan($"{folder}/{name}.csproj", 1, 1, 1, 2);
        return new ProjectFacts(
            $"{folder}/{name}.csproj", kind, module, name, [.. references.Select(include => new ProjectItem(Path.GetFileNameWithoutExtension(include), include, false, place))], [], [],
            [.. Sources.Where(pair => pair.Key.StartsWith(folder + "/", StringComparison.Ordinal)).Select(static pair => SourceReader.Read(pair.Key, pair.Value))]);
    }

    private static TypeFacts Manifest(string type, string name, string owner, string purpose) => Type(type, attributes:
    [
        new AttributeFacts(Name("ModularMonolith.Platform", WellKnown.Module), [name], [new("Owner", owner), new("Purpose", purpose)], []),
    ]);

    private static TypeFacts Event(string type, string assembly, string stored) => Type(
        type, assembly: assembly, visibility: Visibility.Public, implements: [Name(Platform, WellKnown.IntegrationEvent)], attributes: [Attribute(WellKnown.EventName, stored)]);

    private static TypeFacts Type(
        string name, Use[]? uses = null, TypeName[]? implements = null, AttributeFacts[]? attributes = null, string? assembly = null, Visibility visibility = Visibility.Internal) => new(
        Name(assembly ?? name[..name.IndexOf('.', StringComparison.Ordinal)], name), TypeKind.Class, visibility, IsSealed: true, IsAbstract: false, IsRecord: false, null, implements ?? [], attributes ?? [],
        [new MemberFacts("Handle", MemberKind.Method, Visibility.Public, MemberFlags.None, null, [], [], uses ?? [], [], null)], null);

    private static AttributeFacts Attribute(string type, string argument) => new(Name("ModularMonolith.Platform", type), [argument], [], []);

    private static Use Creates(string assembly, string type) => new(EdgeKind.Call, Name(assembly, type), ".ctor", [], [], null) { Creates = true };

    private static TypeName Name(string assembly, string type) => new(assembly, type, []);
}
