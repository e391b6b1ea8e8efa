namespace ModularMonolith.Analyzers.Tests;

public sealed class TypingTests
{
    private const string Source = """"
        // Services/Ordering.cs
        using System.Runtime.CompilerServices;
        using Carter;
        using MediatR;
        using Microsoft.AspNetCore.Builder;
        using Microsoft.AspNetCore.Routing;
        using Microsoft.Extensions.DependencyInjection;
        using ModularMonolith.Catalog.Contracts;
        using ModularMonolith.Platform.Contracts;
        using ModularMonolith.Platform.Data;
        using ModularMonolith.Platform.IntegrationLog;
        using ModularMonolith.Platform.Modules;

        [assembly: InternalsVisibleTo("Others")]

        namespace ModularMonolith.Ordering;

        public interface IOrderingStore : Marten.IDocumentStore;

        [Module("ordering", Owner = " ", Purpose = "Orders.", DependsOn = [])]
        internal sealed class OrderingModule : IModule
        {
            internal sealed record Nested(Guid Id) : ICommand<Guid>;

            public void Configure(ModuleBuilder module) => module.ToString();
        }

        [EventName("other.placed", Version = 0)]
        internal record Placed(string Id) : IIntegrationEvent
        {
            string IIntegrationEvent.Key => Id;
        }

        [EventName("other.placed", Version = 0)]
        internal sealed record PlacedAgain(string Id) : Placed(Id);

        internal sealed record RenameOrder(string Name) : ICommand<Guid>;

        internal sealed class OrderManager(TimeProvider time, IStockList list, System.Net.Http.HttpClient http) : ICarterModule, IHandle<Placed>
        {
            public void AddRoutes(IEndpointRouteBuilder app) => app.MapGet("/api/ordering/orders", () => time.ToString() + list);

            public async Task HandleAsync(Placed integrationEvent, EventContext context, CancellationToken cancellationToken)
            {
                var text = await http.GetStringAsync($"/api/catalog/products/{integrationEvent.Id}");
                System.IO.File.WriteAllText("/tmp/racks.json", text + AppContext.GetData("racks.level"));
            }

            internal sealed class Inner : IRequestHandler<OrderingModule.Nested, Guid>
            {
                public Task<Guid> Handle(OrderingModule.Nested request, CancellationToken cancellationToken) => throw new InvalidOperationException();
            }
        }

        internal sealed class Handler(IServiceProvider services, Marten.IDocumentSession session, TimeProvider time) : IRequestHandler<OrderingModule.Nested, Guid>
        {
            private static readonly List<dynamic> All = [];

            public async Task<Guid> Handle(OrderingModule.Nested request, CancellationToken cancellationToken)
            {
                Thread.Sleep((int)(time.GetUtcNow() - DateTimeOffset.UtcNow).TotalSeconds);
                var sql = $"select {request.Id} from catalog.product join " + "racks.shelf" + session;
                Action later = async () => await Task.Yield();
                _ = Type.GetType("ModularMonolith.Catalog.Product")?.GetMethod("Read");
                _ = services.GetRequiredService<ISender>().Send(new GetProduct(sql)).Result;
                return Guid.NewGuid();

                [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_items")]
                static extern ref string[] Items(List<string> list);
            }

            private void Apply(ModularMonolith.Catalog.Products.Product product) => All.Add(product);
        }
        """";

    // MM0002 and MM0003 are about Contracts.
    [Fact]
    public async Task Unfinished_code_of_a_slice_trips_no_analyzer_and_no_fix()
    {
        var found = await new AnalyzedModule { SeesCatalogContracts = true, SeesCatalogSlice = true, IsUnfinished = true, IsWhole = true }.SurvivesTypingAsync(Source, 61);
        Assert.Equal(Rules.All.Select(static rule => rule.Id).Except(["MM0002", "MM0003"]), found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Unfinished_code_of_Contracts_trips_no_analyzer_and_no_fix()
    {
        var found = await new AnalyzedModule { Name = "Ordering.Contracts", SeesCatalogContracts = true, SeesCatalogSlice = true, IsUnfinished = true }.SurvivesTypingAsync(Source, 101);
        Assert.Superset(new HashSet<string> { "MM0002", "MM0003" }, new HashSet<string>(found));
    }
}
