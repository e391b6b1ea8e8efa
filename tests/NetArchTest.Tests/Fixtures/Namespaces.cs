namespace ModularMonolith.NetArchTest.Tests.Fixtures.Shop.Orders
{
    public class Order
    {
        internal class Line;
    }
}

namespace ModularMonolith.NetArchTest.Tests.Fixtures.Shop.OrdersArchive
{
    public class Archive;
}

namespace ModularMonolith.NetArchTest.Tests.Fixtures.Shop.Billing
{
    public class Invoice;
}

namespace ModularMonolith.NetArchTest.Tests.Fixtures.ShopXBilling
{
    public class Stranger;
}

namespace System.Fixtures
{
    public class Dropped;
}

namespace Microsoft.Fixtures
{
    public class Dropped;
}

namespace xunit.fixtures
{
    public class Dropped;
}

namespace Systematic
{
    public class Kept;
}
