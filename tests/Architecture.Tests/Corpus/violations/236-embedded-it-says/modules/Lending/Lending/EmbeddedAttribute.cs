namespace Microsoft.CodeAnalysis; 

internal sealed class EmbeddedAttribute : Attribute; // finds: namespaces-follow-folders ""
