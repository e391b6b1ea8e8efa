namespace ModularMonolith.Analyzers.Tests;

public sealed class ReferenceTests
{
    private const string Manifest = """
        using ModularMonolith.Platform.Modules;

        namespace ModularMonolith.Ordering;

        [Module("ordering", Owner = "team", Purpose = "Orders.", DependsOn = [])]
        internal sealed class OrderingModule : IModule
        {
            public void Configure(ModuleBuilder module) => module.ToString();
        }
        """;

    [Fact]
    public Task Types_of_another_modules_slice_are_reported_where_they_are_named() => new AnalyzedModule { SeesCatalogSlice = true }.ReportsAsync("""
        using ModularMonolith.Catalog.Products;
        using Alias = ModularMonolith.Catalog.Products.{|MM0001:Shelf|};

        namespace ModularMonolith.Ordering;

        /// <summary>Not like <see cref="Product"/>.</summary>
        internal sealed class Reading
        {
            private readonly List<{|MM0001:Product|}> _products = [];

            public object? Read(object value)
            {
                {|MM0001:var|} first = _products[0];
                try
                {
                    return new ModularMonolith.Catalog.Products.{|MM0001:Product|}(first.Sku.{|MM0001:Trimmed|}());
                }
                catch (InvalidOperationException)
                {
                    return value is {|MM0001:Shelf|} ? typeof(Alias) : null;
                }
            }
        }
        """);

    [Fact]
    public Task Types_of_what_stands_below_the_platform_are_reported() => AnalyzedModule.Slice.ReportsAsync("""
        namespace ModularMonolith.Ordering;

        internal sealed class Starting
        {
            public Type Server => typeof(ModularMonolith.Postgres.{|MM0001:PostgresServer|});
        }
        """);

    [Fact]
    public Task Services_in_Contracts_are_reported() => AnalyzedModule.Contracts.ReportsAsync("""
        namespace ModularMonolith.Ordering.Contracts;

        public interface IOrderBook
        {
            string {|MM0003:Find|}(Guid id);

            string Name { get; }

            static string Default() => "orders";
        }

        public sealed record OrderBook(string Name)
        {
            public static async Task<string> {|MM0003:ReadAsync|}(System.Net.Http.{|MM0003:HttpClient|} client) => await client.GetStringAsync("/");

            public string Shown() => Name;
        }
        """);

    [Fact]
    public Task Types_that_are_not_accessible_are_reported_beside_the_languages_own_error() => new AnalyzedModule { SeesCatalogSlice = true, IsUnfinished = true }.ReportsAsync("""
        namespace ModularMonolith.Ordering;

        internal sealed class Reading
        {
            public object Read() => typeof(ModularMonolith.Catalog.Products.{|MM0001:Shelf|}.{|MM0001:Hidden|});
        }
        """);

    [Fact]
    public Task Contracts_of_a_module_that_the_manifest_does_not_name_are_reported() => new AnalyzedModule { SeesCatalogContracts = true }.ReportsAsync(Manifest, """
        using ModularMonolith.Catalog.Contracts;

        namespace ModularMonolith.Ordering;

        internal sealed class Reading
        {
            public object Read() => (new {|MM0004:GetProduct|}("tea"), {|MM0004:ProductLimits|}.Variants);
        }
        """);

    [Fact]
    public Task Modules_that_the_manifest_names_and_nothing_uses_are_reported() => new AnalyzedModule { SeesCatalogContracts = true }.ReportsAsync(
        Manifest.Replace("DependsOn = []", "DependsOn = [{|MM0004:\"catalog\"|}, {|MM0004:\"racks\"|}]", StringComparison.Ordinal),
        """
        namespace ModularMonolith.Ordering;

        /// <summary>Not like <see cref="ModularMonolith.Catalog.Contracts.Product"/>.</summary>
        internal sealed record Product(string Sku);
        """);

    [Fact]
    public async Task The_message_names_the_dependency()
    {
        var messages = await new AnalyzedModule { SeesCatalogContracts = true }.MessagesAsync(Manifest, """
            namespace ModularMonolith.Ordering;

            internal sealed record Reading(ModularMonolith.Catalog.Contracts.Product Product);
            """);

        Assert.StartsWith("ordering uses 'catalog' and does not declare it. Make DependsOn", Assert.Single(messages), StringComparison.Ordinal);
    }

    [Fact]
    public Task Contracts_of_a_module_that_the_manifest_names_are_not_reported() => new AnalyzedModule { SeesCatalogContracts = true }.ReportsAsync(
        Manifest.Replace("DependsOn = []", "DependsOn = [\"catalog\"]", StringComparison.Ordinal),
        """
        using ModularMonolith.Catalog.Contracts;

        namespace ModularMonolith.Ordering;

        internal sealed record Reading(Product Product);
        """);

    [Fact]
    public Task Contracts_that_use_another_modules_Contracts_are_reported() => new AnalyzedModule { Name = "Ordering.Contracts", SeesCatalogContracts = true }.ReportsAsync("""
        using ModularMonolith.Catalog.Contracts;

        namespace ModularMonolith.Ordering.Contracts;

        public sealed record OrderedProduct({|MM0002:Product|} Product);
        """);

    [Fact]
    public Task Contracts_that_use_the_platform_or_do_something_are_reported() => AnalyzedModule.Contracts.ReportsAsync("""
        using MediatR;
        using ModularMonolith.Platform.Contracts;

        namespace ModularMonolith.Ordering.Contracts;

        public sealed record GetOrder(Guid Id) : IQuery<string>;

        public sealed class {|MM0024:GetOrderHandler|}(Marten.{|MM0003:IDocumentSession|} session, ModularMonolith.Platform.Data.{|MM0002:DatabaseAddress|} address) : {|MM0003:IRequestHandler<GetOrder, string>|}
        {
            public Task<string> {|MM0003:Handle|}(GetOrder request, CancellationToken cancellationToken) => Task.FromResult($"{session}{address}");
        }
        """);

    [Fact]
    public Task Contracts_of_plain_messages_are_not_reported() => AnalyzedModule.Contracts.ReportsAsync("""
        using MediatR;
        using ModularMonolith.Platform.Contracts;

        namespace ModularMonolith.Ordering.Contracts;

        public sealed record GetOrder(Guid Id) : IQuery<Money>;

        public sealed record TouchOrder(Guid Id) : IRequest<Unit>;

        [EventName("ordering.order-placed")]
        public sealed record OrderPlaced(string Id, Money Total, DateTimeOffset At) : IIntegrationEvent
        {
            string IIntegrationEvent.Key => Id;
        }
        """);
}
