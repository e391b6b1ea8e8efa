using System.Net;

namespace ModularMonolith.Pricing.Tests.CustomerGroups;

[Collection(nameof(PricingHost))]
public sealed class CustomerGroupTests(PricingHost shop)
{
    [Fact]
    public async Task Members_are_added_listed_in_pages_and_taken_out()
    {
        string[] members = [.. Enumerable.Range(0, 5).Select(number => $"member-{number}")];
        var code = await shop.CreateGroupAsync(members);
        await shop.CallAsync(HttpMethod.Post, $"/customer-groups/{code}/members", new { add = members[..2], remove = new[] { members[4] } }, HttpStatusCode.NoContent);

        var first = await shop.GetAsync($"/customer-groups/{code}/members?limit=3");
        var second = await shop.GetAsync($"/customer-groups/{code}/members?limit=3&cursor={first.Json.GetProperty("next").GetString()}");

        Assert.Equal(
            members[..4],
            first.Json.GetProperty("items").EnumerateArray().Concat(second.Json.GetProperty("items").EnumerateArray()).Select(item => item.GetProperty("subject").GetString()!));
    }

    [Fact]
    public async Task A_group_that_a_price_list_is_for_stays()
    {
        var code = await shop.CreateGroupAsync("somebody");
        var list = await shop.CreateListAsync(PricingHost.NewCurrency(), [(Guid.NewGuid(), 1, 1)], code);

        var refused = await shop.CallAsync(HttpMethod.Delete, "/customer-groups/" + code, null, HttpStatusCode.Conflict, "*");
        await shop.CallAsync(HttpMethod.Delete, "/price-lists/" + list, null, HttpStatusCode.NoContent, "*");
        await shop.CallAsync(HttpMethod.Delete, "/customer-groups/" + code, null, HttpStatusCode.NoContent, "\"v1\"");

        Assert.Equal("illegal-state", refused.Problem);
        await shop.GetAsync("/customer-groups/" + code, HttpStatusCode.NotFound);
        await shop.GetAsync($"/customer-groups/{code}/members", HttpStatusCode.NotFound);
        Assert.Equal(0L, await shop.ScalarAsync("select count(*) from pricing.customer_group_member where group_code = $1", code));
    }

    [Fact]
    public async Task A_title_is_changed_by_the_version_that_was_read()
    {
        var code = await shop.CreateGroupAsync();

        var changed = await shop.CallAsync(HttpMethod.Put, "/customer-groups/" + code, new { title = "New" }, ifMatch: "\"v1\"");
        await shop.CallAsync(HttpMethod.Put, "/customer-groups/" + code, new { title = "Newer" }, HttpStatusCode.PreconditionFailed, "\"v1\"");

        Assert.Equal(("New", "\"v2\""), (changed.Json.GetProperty("title").GetString(), changed.ETag));
    }

    [Fact]
    public async Task A_change_of_members_without_a_subject_or_with_one_twice_is_refused()
    {
        var code = await shop.CreateGroupAsync();

        var none = await shop.CallAsync(HttpMethod.Post, $"/customer-groups/{code}/members", new { }, HttpStatusCode.BadRequest);
        var twice = await shop.CallAsync(HttpMethod.Post, $"/customer-groups/{code}/members", new { add = new[] { "a" }, remove = new[] { "a" } }, HttpStatusCode.BadRequest);
        var unknown = await shop.CallAsync(HttpMethod.Post, "/customer-groups/nobody/members", new { add = new[] { "a" } }, HttpStatusCode.NotFound);

        Assert.Equal(("#/add", "#/add"), (Assert.Single(none.Pointers), Assert.Single(twice.Pointers)));
        Assert.Equal("not-found", unknown.Problem);
    }
}
