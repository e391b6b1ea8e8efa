namespace Marten.Metadata;

/// <summary>A document that belongs to a tenant and can tell which. Its type is multi-tenanted.</summary>
public interface ITenanted
{
    /// <summary>The tenant; set when the document is stored.</summary>
    string? TenantId { get; set; }
}
