using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Platform.Audit;

/// <summary>The audit log, for those who have to know who changed what.</summary>
internal static class AuditEndpoints
{
    private const int LongestFilter = 200;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var audit = routes.MapGroup("/api/audit").WithTags("audit");
        audit.MapGet("/entries", ListAsync).RequirePermission(Permissions.AuditRead)
            .WithName("ListAuditEntries").WithSummary("Lists the changes that were made, the newest first.")
            .WithDescription("An entry appears a second or so after the change. resource is the id of what was changed and type what it is; from is included, to is not.");
        audit.MapGet("/entries/{id:guid}", ShowAsync).RequirePermission(Permissions.AuditRead)
            .WithName("ShowAuditEntry").WithSummary("Shows a change with what its hash is computed from.");
        audit.MapGet("/head", HeadAsync).RequirePermission(Permissions.AuditRead)
            .WithName("ShowAuditHead").WithSummary("Shows the end of the hash chain, to be kept elsewhere.");
        audit.MapGet("/verification", VerifyAsync).RequirePermission(Permissions.AuditRead)
            .WithName("VerifyAudit").WithSummary("Computes the hashes of up to 5,000 entries anew and names the first position at which something is wrong.")
            .WithDescription("head is a position, a colon and a hash that were kept elsewhere: the chain has to contain them. Go on with next until it is null.")
            .ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<Page<AuditRecord>> ListAsync(
        string? subject, string? module, string? operation, string? resource, string? type, DateTimeOffset? from, DateTimeOffset? to, string? cursor, int? limit, HttpContext http,
        CancellationToken cancellationToken)
    {
        if (type is not null && resource is null)
        {
            throw new ProblemException(ProblemTypes.MalformedRequest, "type needs resource, the id of the thing of that type.");
        }

        var size = PageCursor.Size(limit);
        var filter = new AuditFilter(Checked(subject), Checked(module), Checked(operation), Checked(resource), Checked(type), from, to);
        var found = await http.RequestServices.GetRequiredService<AuditReader>().ListAsync(filter, PageCursor.Decode<AuditPlace>(http, cursor), size + 1, cancellationToken);
        var next = found.Count > size ? PageCursor.Encode(new AuditPlace(found[size - 1].RecordedAt, found[size - 1].Position)) : null;
        return PageCursor.Linked(http, new Page<AuditRecord>([.. found.Take(size).Select(static entry => entry.ToRecord())], next));
    }

    private static async Task<AuditRecordDetails> ShowAsync(Guid id, HttpContext http, CancellationToken cancellationToken) =>
        await http.RequestServices.GetRequiredService<AuditReader>().ShowAsync(id, cancellationToken) ?? throw ProblemException.NotFound("audit entry", id);

    private static Task<AuditHead> HeadAsync(HttpContext http, CancellationToken cancellationToken) =>
        http.RequestServices.GetRequiredService<AuditDatabase>().HeadAsync(cancellationToken);

    private static async Task<AuditVerification> VerifyAsync(string? head, string? cursor, HttpContext http, CancellationToken cancellationToken)
    {
        var (found, next) = await http.RequestServices.GetRequiredService<AuditVerifier>().VerifyAsync(
            PageCursor.Decode<ChainPlace>(http, cursor), ChainPlace.Parse(head), cancellationToken);
        return found with { Next = PageCursor.Link(http, next is null ? null : PageCursor.Encode(next)) };
    }

    // PostgreSQL's text cannot hold the character with the number 0, so nothing has it.
    private static string? Checked(string? filter) => filter is null || (filter.Length is > 0 and <= LongestFilter && !filter.Contains('\0', StringComparison.Ordinal))
        ? filter
        : throw new ProblemException(ProblemTypes.MalformedRequest, $"A filter has 1 to {LongestFilter} characters. Leave it out where everything will do.");
}
