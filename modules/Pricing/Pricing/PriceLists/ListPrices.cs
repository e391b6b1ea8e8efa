using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;
using Npgsql;

namespace ModularMonolith.Pricing.PriceLists;

internal sealed record ListPrices(string Code, string Currency, int Limit, PriceCursor? After) : IQuery<Page<ListedPrice>>;

internal sealed record PriceCursor(Guid VariantId, int MinQuantity);

internal sealed class ListPricesEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/price-lists/{code}/prices", static async (string code, int? limit, string? cursor, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var list = await sender.Send(new GetPriceList(code), cancellationToken);
            var page = await sender.Send(new ListPrices(code, list.Currency, PageCursor.Size(limit), PageCursor.Decode<PriceCursor>(http, cursor)), cancellationToken);
            return Results.Ok(PageCursor.Linked(http, page));
        })
        .RequirePermission("pricing:read").WithName("ListPrices").WithSummary("Lists the prices of a price list by variant and quantity.")
        .Produces<Page<ListedPrice>>().ProducesProblem(400).ProducesProblem(404);
}

internal sealed class ListPricesHandler(PricingDatabase database) : IRequestHandler<ListPrices, Page<ListedPrice>>
{
    public async Task<Page<ListedPrice>> Handle(ListPrices request, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand("""
            select variant_id, min_quantity, price, compare_at_price from price_list_entry
            where price_list = $1 and (variant_id, min_quantity) > ($2, $3) order by variant_id, min_quantity limit $4
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = request.Code });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = request.After?.VariantId ?? Guid.Empty });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = request.After?.MinQuantity ?? 0 });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = request.Limit + 1 });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var prices = new List<ListedPrice>();
        while (await reader.ReadAsync(cancellationToken))
        {
            prices.Add(new ListedPrice(
                reader.GetGuid(0), new Money(reader.GetInt64(2), request.Currency), reader.IsDBNull(3) ? null : new Money(reader.GetInt64(3), request.Currency), reader.GetInt32(1)));
        }

        return Page.Of(prices, request.Limit, static item => new PriceCursor(item.VariantId, item.MinQuantity));
    }
}
