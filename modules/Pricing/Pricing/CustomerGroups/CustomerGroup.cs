using System.Text.RegularExpressions;
using FluentValidation;
using JasperFx;
using Marten;
using ModularMonolith.Platform.Http;
using Npgsql;

namespace ModularMonolith.Pricing.CustomerGroups;

/// <summary>Customers for whom other prices, promotions or taxes hold. The members are in a table beside it.</summary>
internal sealed record CustomerGroup : IRevisioned
{
    public const int MaximumCount = 500;
    public const int MembersAtOnce = 500;
    public const int LongestSubject = 200;

    public const string Script = """
        create table if not exists customer_group_member (
            subject text collate "C" not null,
            group_code text collate "C" not null,
            added_at timestamptz not null,
            primary key (subject, group_code)
        );
        create index if not exists customer_group_member_group on customer_group_member (group_code, subject);
        """;

    /// <summary>The code by which price lists, promotions and exemptions name it.</summary>
    public required string Id { get; init; }

    public required string Title { get; init; }

    public int Version { get; set; }

    /// <summary>The group, or null. A text that cannot be a code is not looked for.</summary>
    public static async Task<CustomerGroup?> FindAsync(IQuerySession session, string code, CancellationToken cancellationToken) =>
        Codes.IsWellFormed(code) ? await session.LoadAsync<CustomerGroup>(code, cancellationToken) : null;

    /// <exception cref="ProblemException">422: there is no such group.</exception>
    public static async Task RequireAsync(IQuerySession session, string? code, CancellationToken cancellationToken)
    {
        if (code is not null && await FindAsync(session, code, cancellationToken) is null)
        {
            throw new ProblemException(PricingProblems.UnknownCustomerGroup, $"There is no customer group '{code}'. Create it first.");
        }
    }

    /// <summary>The codes of a customer's groups: one query.</summary>
    public static async Task<IReadOnlyList<string>> OfAsync(PricingDatabase database, string subject, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand("select group_code from customer_group_member where subject = $1 order by group_code limit 500");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = subject });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var groups = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            groups.Add(reader.GetString(0));
        }

        return groups;
    }
}

/// <param name="Code">The code by which it is named.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Version">Rises with each change of the title.</param>
internal sealed record CustomerGroupView(string Code, string Title, int Version)
{
    public static CustomerGroupView Of(CustomerGroup group, int version) => new(group.Id, group.Title, version);
}

/// <summary>The form of codes that people choose: of groups, price lists and tax zones.</summary>
internal static partial class Codes
{
    public const int Longest = 50;

    public static IRuleBuilderOptions<T, string?> IsCode<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(static code => code is null || IsWellFormed(code)).WithMessage($"A code has 1 to {Longest} lower-case letters, digits and hyphens and starts with a letter or digit.");

    public static bool IsWellFormed(string code) => Pattern().IsMatch(code);

    public static IRuleBuilderOptions<T, string?> IsTitle<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(static title => !string.IsNullOrWhiteSpace(title)).WithMessage("Give it a title.").MaximumLength(200).NoNul();

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,49}\z")]
    private static partial Regex Pattern();
}
