namespace ModularMonolith.Analyzers.Tests;

public sealed class MessageTests
{
    [Fact]
    public Task Nested_requests_are_reported() => AnalyzedModule.Slice.ReportsAsync("""
        using ModularMonolith.Platform.Contracts;

        namespace ModularMonolith.Ordering;

        internal static class Orders
        {
            internal sealed record {|MM0019:PlaceOrder|}(Guid Basket) : ICommand<Guid>;

            internal sealed record {|MM0019:GetOrder|}(Guid Id) : IQuery<string>;

            internal sealed record Line(string Sku);
        }

        internal sealed record CancelOrder(Guid Id) : ICommand;
        """);

    [Fact]
    public Task Events_without_a_name_of_their_module_are_reported() => AnalyzedModule.Contracts.ReportsAsync("""
        using ModularMonolith.Platform.Contracts;

        namespace ModularMonolith.Ordering.Contracts;

        public sealed record {|MM0020:OrderLost|}(string Id) : IIntegrationEvent
        {
            string IIntegrationEvent.Key => Id;
        }

        [{|MM0020:EventName("Ordering.OrderPlaced")|}]
        public sealed record OrderPlaced(string Id) : IIntegrationEvent
        {
            string IIntegrationEvent.Key => Id;
        }

        [{|MM0020:EventName("catalog.order-moved")|}]
        public sealed record OrderMoved(string Id) : IIntegrationEvent
        {
            string IIntegrationEvent.Key => Id;
        }

        [{|MM0020:EventName("ordering.order-split", Version = 0)|}]
        public sealed record OrderSplit(string Id) : IIntegrationEvent
        {
            string IIntegrationEvent.Key => Id;
        }
        """);

    [Fact]
    public Task Events_with_a_name_and_interfaces_of_events_are_not_reported() => AnalyzedModule.Contracts.ReportsAsync("""
        using ModularMonolith.Platform.Contracts;

        namespace ModularMonolith.Ordering.Contracts;

        public interface IOrderEvent : IIntegrationEvent;

        [EventName("ordering.order-placed", Version = 2)]
        public sealed record OrderPlaced(string Id) : IOrderEvent
        {
            string IIntegrationEvent.Key => Id;
        }
        """);

    [Fact]
    public Task Handlers_that_inject_raw_data_are_reported_at_the_parameter() => AnalyzedModule.Slice.ReportsAsync("""
        using Marten;
        using MediatR;
        using ModularMonolith.Platform.Contracts;
        using ModularMonolith.Platform.Data;
        using ModularMonolith.Platform.IntegrationLog;
        using Npgsql;

        namespace ModularMonolith.Ordering;

        internal sealed record PlaceOrder(Guid Basket) : ICommand<Guid>;

        internal sealed class PlaceOrderHandler({|MM0021:NpgsqlDataSource|} source, {|MM0021:IDocumentSession|} session) : IRequestHandler<PlaceOrder, Guid>
        {
            public Task<Guid> Handle(PlaceOrder request, CancellationToken cancellationToken) => Task.FromResult(Guid.Parse($"{source}{session}"));
        }

        [EventName("ordering.order-placed")]
        internal sealed record OrderPlaced(string Id) : IIntegrationEvent
        {
            string IIntegrationEvent.Key => Id;
        }

        internal sealed class WhenOrderPlaced : IHandle<OrderPlaced>
        {
            public WhenOrderPlaced({|MM0021:IDocumentStore|} store) => store.ToString();

            public Task HandleAsync(OrderPlaced integrationEvent, EventContext context, CancellationToken cancellationToken) => Task.CompletedTask;
        }
        """);

    [Fact]
    public async Task A_session_of_another_modules_store_is_reported()
    {
        var messages = await new AnalyzedModule { SeesCatalogSlice = true }.MessagesAsync("""
            using ModularMonolith.Catalog;
            using ModularMonolith.Platform.Data;

            namespace ModularMonolith.Ordering;

            internal sealed class Reading(IModuleSession<ICatalogStore> session)
            {
                public override string? ToString() => session.ToString();
            }
            """);

        Assert.Contains(messages, static message => message.StartsWith("Reading injects the session of ModularMonolith.Catalog.ICatalogStore. Inject IModuleSession<TStore>", StringComparison.Ordinal));
    }

    [Fact]
    public Task Handlers_with_the_modules_own_session_and_other_classes_with_connections_are_not_reported() => AnalyzedModule.Slice.ReportsAsync("""
        using Marten;
        using MediatR;
        using ModularMonolith.Platform.Contracts;
        using ModularMonolith.Platform.Data;
        using Npgsql;

        namespace ModularMonolith.Ordering;

        internal interface IOrderingStore : IDocumentStore;

        internal sealed record PlaceOrder(Guid Basket) : ICommand<Guid>;

        internal sealed class PlaceOrderHandler(IModuleSession<IOrderingStore> session, OrderTable table, TimeProvider time) : IRequestHandler<PlaceOrder, Guid>
        {
            public Task<Guid> Handle(PlaceOrder request, CancellationToken cancellationToken) => Task.FromResult(Guid.Parse($"{session}{table}{time}"));
        }

        internal sealed class OrderTable(NpgsqlDataSource source)
        {
            public override string? ToString() => source.ToString();
        }
        """);
}
