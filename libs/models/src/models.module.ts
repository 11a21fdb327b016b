import { type DynamicModule, Module } from '@nestjs/common';
import { Models } from './models';
import { MODELS_OPTIONS, type ModelsModuleOptions } from './models-options';

/** The models of one gateway. A provider's package is loaded by its first call. */
@Module({})
export class ModelsModule {
  static forRoot(options: ModelsModuleOptions): DynamicModule {
    return {
      module: ModelsModule,
      providers: [{ provide: MODELS_OPTIONS, useValue: options }, Models],
      exports: [Models],
    };
  }
}
