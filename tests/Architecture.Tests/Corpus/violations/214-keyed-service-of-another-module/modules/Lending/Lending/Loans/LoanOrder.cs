using Microsoft.Extensions.DependencyInjection;

namespace ModularMonolith.Lending.Loans;

internal sealed class LoanOrder([FromKeyedServices("shelf-order")] IComparer<string> order) // finds: services-stay-in-their-module "under the key 'shelf-order', a service of Shelves"
{
    public int Compare(string one, string other) => order.Compare(one, other);
}
