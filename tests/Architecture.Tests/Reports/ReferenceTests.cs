using System.Reflection;
using ModularMonolith.Architecture.Graph;
using ModularMonolith.Architecture.Reports.Pages;
using ModularMonolith.Architecture.Tests;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Architecture.ReportTests;

public sealed class ReferenceTests
{
    private static readonly Lazy<IReadOnlyDictionary<string, string>> Pages = new(static () => ReferencePages.Write(Graph));

    private static CodeGraph Graph => RepositoryUnderTest.Context.Graph;

    // What the running program sees, apart from what the graph has read.
    private static IEnumerable<(string Folder, ModuleAttribute Manifest, Assembly Slice)> Modules =>
        RepositoryUnderTest.Slices.Select(static slice => (slice.GetName().Name!.Split('.')[^1], slice.GetTypes().Select(static type => type.GetCustomAttribute<ModuleAttribute>()).OfType<ModuleAttribute>().Single(), slice));

    [Fact]
    public void Every_module_stands_on_the_overview_and_has_a_page_with_its_owner()
    {
        var overview = Pages.Value["docs/reference/README.md"];
        Assert.NotEmpty(Modules);
        foreach (var module in Modules)
        {
            Assert.Contains($"| [{module.Folder}]({module.Manifest.Name}.md) | `{module.Manifest.Owner}` | {module.Manifest.Purpose} |", overview, StringComparison.Ordinal);
            Assert.Contains($"Owner: `{module.Manifest.Owner}`.", Pages.Value[$"docs/reference/{module.Manifest.Name}.md"], StringComparison.Ordinal);
            Assert.Contains($">{module.Folder}</text>", Pages.Value["docs/reference/modules.svg"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_event_stands_in_the_catalogue_with_the_subscriptions_that_the_code_has()
    {
        var handlers = (from module in Modules
                        from type in module.Slice.GetTypes()
                        from contract in type.GetInterfaces()
                        where !type.IsAbstract && contract.IsGenericType && (contract.GetGenericTypeDefinition() == typeof(IHandle<>) || contract.GetGenericTypeDefinition() == typeof(IHandleBatch<>))
                        select (Event: contract.GetGenericArguments()[0], Handler: $"[{module.Folder}]({module.Manifest.Name}.md) (`{type.GetCustomAttribute<SubscriptionAttribute>()!.Name}`)"))
            .ToLookup(static pair => pair.Event, static pair => pair.Handler);
        var sections = Pages.Value["docs/reference/events.md"].Split("\n## ").ToLookup(static section => section.Split('\n')[0]);
        var events = RepositoryUnderTest.Contracts.SelectMany(static contracts => contracts.GetTypes()).Where(static type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IIntegrationEvent))).ToList();
        Assert.NotEmpty(events);
        foreach (var type in events)
        {
            var section = Assert.Single(sections[type.GetCustomAttribute<EventNameAttribute>()!.Name]);
            var line = section.Split('\n').Single(static line => line.StartsWith("- Handled by: ", StringComparison.Ordinal))["- Handled by: ".Length..];
            Assert.Equal(handlers[type].DefaultIfEmpty("nobody: it stands in the log").Distinct().Order(StringComparer.Ordinal), line.Split(", ").Order(StringComparer.Ordinal));
            Assert.All(type.GetProperties(BindingFlags.Public | BindingFlags.Instance), property => Assert.Contains($"| `{char.ToLowerInvariant(property.Name[0])}{property.Name[1..]}` |", section, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_modules_page_has_its_endpoints_messages_tables_jobs_and_settings()
    {
        var page = Pages.Value["docs/reference/ordering.md"];
        Assert.Contains("| POST | `/api/ordering/orders` |", page, StringComparison.Ordinal);
        Assert.Contains("| `PlaceOrder` | command |", page, StringComparison.Ordinal);
        Assert.Contains("| `GetReturnableOrder` | query | [Returns](returns.md) |", page, StringComparison.Ordinal);
        Assert.Contains("| `mt_doc_checkout` | documents `Checkout` |", page, StringComparison.Ordinal);
        Assert.Contains("| `order_placed` | `Placed` |", page, StringComparison.Ordinal);
        Assert.Contains("| `remove-old-checkouts` | `*/5 * * * *` | `RemoveOldCheckouts` |", page, StringComparison.Ordinal);
        Assert.Contains("| `order-fulfilment` | `OrderFulfilmentState` |", page, StringComparison.Ordinal);
        Assert.Contains("| `ordering:manage` |", page, StringComparison.Ordinal);
        Assert.Contains("| `ordering:OpenCheckouts` | 20 |", page, StringComparison.Ordinal);
        Assert.Contains("| `coupon` | made by the script of `CouponTables` |", Pages.Value["docs/reference/pricing.md"], StringComparison.Ordinal);
        Assert.Contains("| `mt_doc_stock_item` | documents `StockItem` |", Pages.Value["docs/reference/inventory.md"], StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_depends_on_the_code_alone()
    {
        Assert.Equal(Pages.Value, ReferencePages.Write(Graph));
        Assert.All(Pages.Value.Values, static page => Assert.DoesNotContain('\r', page));
        Assert.All(Pages.Value.Values, static page => Assert.DoesNotContain(Graph.Root, page, StringComparison.Ordinal));
    }

    [Fact]
    public void Drift_names_the_file_and_its_first_differing_line()
    {
        var root = Directory.CreateTempSubdirectory("mm-reference-").FullName;
        try
        {
            var folder = Directory.CreateDirectory(Path.Combine(root, ReferencePages.Folder)).FullName;
            File.WriteAllText(Path.Combine(folder, "same.md"), "one\r\ntwo\r\n");
            File.WriteAllText(Path.Combine(folder, "other.md"), "one\nthree\n");
            File.WriteAllText(Path.Combine(folder, "gone.md"), "one\n");
            File.WriteAllText(Path.Combine(folder, "metrics.csv"), "date\n");
            var pages = new Dictionary<string, string> { ["docs/reference/same.md"] = "one\ntwo\n", ["docs/reference/other.md"] = "one\ntwo\n", ["docs/reference/new.md"] = "one\n" };
            Assert.Equal(
                ["docs/reference/gone.md: belongs to no module any more", "docs/reference/new.md: is missing", "docs/reference/other.md:2: is \"three\" and should be \"two\""],
                ReferencePages.Compare(root, pages).Select(static drift => drift.ToString()));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public void What_modules_say_to_each_other_is_what_they_declare()
    {
        var graph = Graph;
        var conversations = Conversations.Of(graph);
        Assert.Contains(conversations.Between(), static said => said is { Kind: EdgeKind.Request, From.Folder: "Returns", To.Folder: "Ordering", Name: "GetReturnableOrder" });
        Assert.Contains(conversations.Between(), static said => said is { Kind: EdgeKind.Event, From.Folder: "Ordering", To.Folder: "Payments", Name: "PaymentRequested" });
        Assert.DoesNotContain(conversations.All, static said => said.Kind is EdgeKind.Http or EdgeKind.Table && said.From != said.To);
        foreach (var said in conversations.Between().Where(static said => said.Kind == EdgeKind.Request))
        {
            Assert.Contains(said.To!.Name, said.From.Manifest!.DependsOn);
        }
    }
}
