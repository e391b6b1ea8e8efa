using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;
using Npgsql;

namespace ModularMonolith.Pricing.CustomerGroups;

internal sealed record ListMembers(string Code, int Limit, string? After) : IQuery<Page<MemberView>>;

/// <param name="Subject">The customer.</param>
/// <param name="AddedAt">Since when the customer is a member.</param>
internal sealed record MemberView(string Subject, DateTimeOffset AddedAt);

internal sealed record MemberCursor(string Subject);

internal sealed class ListMembersEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/customer-groups/{code}/members", static async (string code, int? limit, string? cursor, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            await sender.Send(new GetCustomerGroup(code), cancellationToken);
            var page = await sender.Send(new ListMembers(code, PageCursor.Size(limit), PageCursor.Decode<MemberCursor>(http, cursor)?.Subject), cancellationToken);
            return Results.Ok(PageCursor.Linked(http, page));
        })
        .RequirePermission("pricing:read").WithName("ListCustomerGroupMembers").WithSummary("Lists the customers of a group by subject.")
        .Produces<Page<MemberView>>().ProducesProblem(400).ProducesProblem(404);
}

internal sealed class ListMembersHandler(PricingDatabase database) : IRequestHandler<ListMembers, Page<MemberView>>
{
    public async Task<Page<MemberView>> Handle(ListMembers request, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(
            "select subject, added_at from customer_group_member where group_code = $1 and subject > $2 order by subject limit $3");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = request.Code });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = request.After ?? string.Empty });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = request.Limit + 1 });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var members = new List<MemberView>();
        while (await reader.ReadAsync(cancellationToken))
        {
            members.Add(new MemberView(reader.GetString(0), reader.GetFieldValue<DateTimeOffset>(1)));
        }

        return Page.Of(members, request.Limit, static item => new MemberCursor(item.Subject));
    }
}
