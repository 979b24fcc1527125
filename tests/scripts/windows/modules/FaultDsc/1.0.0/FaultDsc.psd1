# Resources that do, each in one way, what real modules do now and then.
@{ ModuleVersion = '1.0.0' }
