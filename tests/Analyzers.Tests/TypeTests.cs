namespace ModularMonolith.Analyzers.Tests;

public sealed class TypeTests
{
    [Fact]
    public Task Public_types_of_a_slice_are_reported() => AnalyzedModule.Slice.ReportsAsync("""
        namespace ModularMonolith.Ordering;

        public sealed class {|MM0005:Order|};

        public enum {|MM0005:OrderStatus|}
        {
            Placed,
        }

        public delegate void {|MM0005:OrderChanged|}();

        public static class {|MM0005:OrderNumbers|}
        {
            public sealed class Series;
        }
        """);

    [Fact]
    public Task Internal_types_with_public_members_are_not_reported() => AnalyzedModule.Slice.ReportsAsync("""
        namespace ModularMonolith.Ordering;

        internal sealed class Order
        {
            public enum Status
            {
                Placed,
            }

            public sealed record Line(string Sku);
        }

        internal delegate void OrderChanged();
        """);

    [Fact]
    public Task Contracts_are_public() => AnalyzedModule.Contracts.ReportsAsync("""
        namespace ModularMonolith.Ordering.Contracts;

        public sealed record OrderSummary(Guid Id);
        """);

    [Fact]
    public Task Classes_that_are_neither_sealed_nor_abstract_are_reported() => AnalyzedModule.Slice.ReportsAsync("""
        namespace ModularMonolith.Ordering;

        internal class {|MM0006:Order|}
        {
            private class {|MM0006:Line|};
        }

        internal partial record {|MM0006:Money|}(int Amount);

        internal partial record Money;
        """);

    [Fact]
    public Task Sealed_abstract_and_static_classes_and_what_cannot_be_inherited_from_are_not_reported() => AnalyzedModule.Slice.ReportsAsync("""
        namespace ModularMonolith.Ordering;

        internal abstract record Payment;

        internal sealed record CardPayment : Payment;

        internal static class Payments;

        internal readonly record struct Amount(int Minor);

        internal interface IPayments;

        internal enum PaymentKind
        {
            Card,
        }

        internal delegate void Paid();
        """);

    [Fact]
    public Task A_public_store_marker_is_reported_as_a_type_and_as_a_marker() => AnalyzedModule.Slice.ReportsAsync("""
        using Marten;

        namespace ModularMonolith.Ordering;

        public interface {|MM0005,MM0007:IOrderingStore|} : IDocumentStore;

        internal interface IOtherStore : IDocumentStore;
        """);

    [Fact]
    public Task A_public_interface_that_is_no_store_is_reported_as_a_type_only() => AnalyzedModule.Slice.ReportsAsync("""
        namespace ModularMonolith.Ordering;

        public interface {|MM0005:IDocumentStore|};
        """);

    [Fact]
    public Task Methods_that_apply_events_and_are_not_public_are_reported() => AnalyzedModule.Slice.ReportsAsync("""
        namespace ModularMonolith.Ordering;

        internal sealed record Placed(Guid Id);

        internal sealed class Order
        {
            internal static Order {|MM0008:Create|}(Placed placed) => new();

            private void {|MM0008:Apply|}(Placed placed) => ToString();

            bool {|MM0008:ShouldDelete|}(Placed placed) => true;
        }
        """);

    [Fact]
    public Task Public_event_methods_and_methods_that_make_something_else_are_not_reported() => AnalyzedModule.Slice.ReportsAsync("""
        namespace ModularMonolith.Ordering;

        internal sealed record Placed(Guid Id);

        internal sealed class Order
        {
            public static Order Create(Placed placed) => new();

            public void Apply(Placed placed) => Applied(Create(placed.Id.ToString()));

            private static string Create(string id) => id;

            private void Applied(string id)
            {
                Apply();
                void Apply() => id.ToString();
            }
        }
        """);
}
